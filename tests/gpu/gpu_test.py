#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The meter and the child for PyTorch on a real NVIDIA GPU. Skipped (exit code 77) where there is none, or no PyTorch.

    gpu_test.py ENERGYLENS CHILD_FOLDER [unittest arguments]
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest

ENERGYLENS, CHILD = sys.argv.pop(1), sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))
PYTHON = sys.executable


def has_gpu():
    asked = subprocess.run([PYTHON, "-c", "import torch; raise SystemExit(not torch.cuda.is_available())"], stderr=subprocess.DEVNULL)
    return asked.returncode == 0


def run(*arguments, code=0):
    done = subprocess.run([ENERGYLENS, *arguments], capture_output=True, text=True)
    assert done.returncode == code, f"exit code {done.returncode}: {done.stderr}"
    return done.stdout


class Meter(unittest.TestCase):
    def test_the_doctor_finds_the_counter_and_how_often_it_moves(self):
        meters = json.loads(run("doctor", "--meter", "nvml", "--seconds", "3", "--format", "json"))["meters"]
        device = meters[0]["devices"][0]
        self.assertTrue(device["energy_counter"] and device["power"])
        self.assertGreater(device["counter_update_s"], 0.005)
        self.assertLess(device["counter_update_s"], 0.5)
        self.assertGreater(device["power_w"], 10)

    def test_counter_and_integrated_power_agree_on_a_steady_load(self):
        load = (PYTHON, os.path.join(HERE, "steady_load.py"), "15")
        report = json.loads(run("meter", "--meter", "nvml", "--strict", "--format", "json", "--", *load))
        device = report["devices"][0]
        self.assertEqual(device["energy_source"], "counter")
        self.assertLess(device["disagreement"], 0.05)
        self.assertGreater(device["peak_power_w"], 200)


class Child(unittest.TestCase):
    def profile(self, **plan):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "plan.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"driver": "exec", "repeats": 1, "width": 0, "settle_s": 0, "settle_slope": 0, "idle_s": 0, "window_s": 2,
                           "prefill": "none", "max_failures": 1, **plan}, file)
            run("profile", path, "-o", os.path.join(folder, "out"), "--strict", "--meter", "nvml", "--serve-cmd",
                f"{PYTHON} {CHILD}/energylens_torch_child.py")
            with open(os.path.join(folder, "out", "rows.csv"), encoding="utf-8") as file:
                return list(csv.DictReader(file))

    def test_every_kind_of_model_is_measured(self):
        load = {"layout": "tp1", "batch": 2, "isl": 48, "osl": 9}
        kinds = [{"model": f"tiny-{kind}", "quant": "bf16"} for kind in ("dense", "moe", "ssm", "hybrid")]
        kinds += [{"model": "tiny-dense", "quant": "fp8"}, {"model": "tiny-vlm", "quant": "bf16", "image_tokens": 16}]
        rows = self.profile(identity={"gpu": "any"}, configurations=[{**load, **kind} for kind in kinds])
        self.assertEqual(len(rows), len(kinds))
        for row in rows:
            self.assertGreater(float(row["total_energy_j"]), 0)
            self.assertNotEqual(row["simulated"], "1")


if __name__ == "__main__":
    if not has_gpu():
        print("skipped: no GPU, or no PyTorch that sees one")
        sys.exit(77)
    unittest.main(verbosity=2)
