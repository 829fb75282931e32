# SPDX-License-Identifier: Apache-2.0
"""The code of the guide and the notebooks run as they stand."""

import os
import re
import warnings
from pathlib import Path

import matplotlib
import nbclient
import nbformat
import pytest

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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path):
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=200, resources={"metadata": {"path": SOURCE}}).execute()
    shown = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("image/png" in output.get("data", {}) for output in shown)
    assert any("text/html" in output.get("data", {}) for output in shown)


def test_there_are_three_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["choose_and_report", "discover_a_law", "first_fit"]
