# SPDX-License-Identifier: Apache-2.0
import os
import subprocess

import pytest

import energylens as el

LAYOUTS = {"tp1": (1, 1), "tp2": (2, 1), "tp4": (4, 1), "tp2pp2": (2, 2)}


def row(layout, batch, isl, osl):
    """Energies and times of a smooth law."""
    tp, pp = LAYOUTS[layout]
    prefill = 15 + 0.02 * batch * isl * (1 + 0.1 * tp)
    decode = osl * (20 + 2 * tp + 3 * pp + 0.8 * batch)
    return {
        "model": "toy-model", "gpu": "toy-gpu", "quant": "fp16", "layout": layout, "batch": batch, "isl": isl,
        "osl": osl, "prefill_energy_j": prefill, "decode_energy_j": decode, "total_energy_j": prefill + decode,
        "total_time_s": 0.05 + 0.00004 * batch * isl / tp + osl * (0.02 + 0.02 / tp + 0.0004 * batch),
    }


@pytest.fixture(scope="session")
def rows():
    return [row(layout, batch, isl, osl) for layout in LAYOUTS for batch in (1, 4, 16, 64) for isl in (128, 512)
            for osl in (64, 256)]


@pytest.fixture(scope="session")
def columns(rows):
    return {name: [one[name] for one in rows] for name in rows[0]}


@pytest.fixture(scope="session")
def table(columns):
    return el.Table.from_frame(columns)


@pytest.fixture(scope="session")
def model(table):
    return el.fit(table)


@pytest.fixture
def program(tmp_path):
    """Runs the command line in a folder of its own."""

    def run(*words):
        done = subprocess.run([os.environ["ENERGYLENS_PROGRAM"], *words], cwd=tmp_path, capture_output=True, text=True)
        return done.returncode, done.stdout, done.stderr

    return run
