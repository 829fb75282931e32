# SPDX-License-Identifier: Apache-2.0
"""The types of the package, and of a program that uses it, are checked by mypy and pyright."""

import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import energylens._core as core

SOURCE = Path(os.environ["ENERGYLENS_SOURCE"])
USER = """
import energylens as el
model: el.Model = el.fit("mine.csv")
energy: float = model.choose(rate=2).best["energy_j"]
names: list[str] = el.read_table("mine.csv").columns
joules: float = el.Meter().end_window().total_energy_j
"""


def checker(name):
    found = Path(sys.executable).with_name(name)
    if not found.exists():
        pytest.skip(f"{name} is not installed")
    return str(found)


def test_mypy(tmp_path):
    (tmp_path / "user.py").write_text(USER)
    done = subprocess.run([checker("mypy"), "--strict", "--config-file", str(SOURCE / "pyproject.toml"), "--cache-dir",
                           str(tmp_path / "cache"), str(SOURCE / "python" / "energylens"), str(tmp_path / "user.py")],
                          capture_output=True, text=True, env={**os.environ, "MYPYPATH": str(SOURCE / "python")})
    assert done.returncode == 0, done.stdout + done.stderr


def test_pyright():
    done = subprocess.run([checker("pyright"), "--pythonpath", sys.executable, "-p", str(SOURCE)], capture_output=True,
                          text=True, cwd=SOURCE)
    if "nodeenv" in done.stderr or "ENOTFOUND" in done.stdout + done.stderr:
        pytest.skip("pyright finds no Node.js")
    assert done.returncode == 0, done.stdout + done.stderr


def test_stubs_name_what_the_extension_has():
    text = (SOURCE / "python" / "energylens" / "_core.pyi").read_text()
    for name, value in vars(core).items():
        if name.startswith("_") and name != "__version__":
            continue
        assert name in text
        if inspect.isclass(value):
            for member in vars(value):
                assert member.startswith("_") or f"def {member}(" in text, f"{name}.{member}"
