# SPDX-License-Identifier: Apache-2.0
"""The code of the guide and the notebooks run as they stand."""

import os
import re
import warnings
from pathlib import Path

import matplotlib
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

SOURCE = Path(os.environ["ENERGYLENS_SOURCE"])
NOTEBOOKS = sorted((SOURCE / "docs" / "notebooks").glob("*.ipynb"))


def test_guide(monkeypatch, capsys):
    monkeypatch.chdir(SOURCE)
    matplotlib.use("agg")
    blocks = re.findall(r"^```python\n(.*?)^```$", (SOURCE / "docs/guide/python.md").read_text(), re.M | re.S)
    assert len(blocks) >= 6
    names: dict = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for block in blocks:
            exec(compile(block, "docs/guide/python.md", "exec"), names)
    printed = capsys.readouterr().out
    assert 'mine.csv:2:osl: "many" is not' in printed and printed.rstrip().endswith("0.5*v^2*m")


class Shell(InteractiveShell):
    def enable_gui(self, gui=None):
        """There is no window."""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path, monkeypatch):
    """In this process: no ports and no start of a kernel that a busy machine could fail."""
    monkeypatch.chdir(SOURCE)
    shell = Shell.instance()
    shell.reset()
    shown = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        result = shell.run_cell(cell.source)
        result.raise_error()
        if result.result is not None:
            shown += shell.display_formatter.format(result.result)[0]
    assert "image/png" in shown and "text/html" in shown


def test_there_are_three_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["choose_and_report", "discover_a_law", "first_fit"]
