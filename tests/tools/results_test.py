# SPDX-License-Identifier: Apache-2.0
"""results_test.py TOOLS: the generator of docs/results.md names what is absent, and judges goals as it says."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop(1))
sys.path.insert(0, str(TOOLS / "results"))
sys.dont_write_bytecode = True

import ceiling  # noqa: E402
import text  # noqa: E402
from program import Absent, Program  # noqa: E402


class Results(unittest.TestCase):
    def test_without_data_every_section_says_what_is_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "data").mkdir()
            environment = dict(os.environ, ENERGYLENS_DATA=f"{folder}/data", PYTHONDONTWRITEBYTECODE="1")
            subprocess.run([sys.executable, TOOLS / "results", "/bin/true", folder], env=environment, check=True,
                           capture_output=True)
            written = (Path(folder) / "results.md").read_text()
            self.assertIn("data are absent: gpu_llm_profile.csv", written)
            self.assertIn("data are absent: mlenergy_v3.csv", written)
            self.assertNotIn("| law |", written)

    def test_a_file_that_a_command_writes_is_not_missed(self):
        with tempfile.TemporaryDirectory() as folder:
            program = Program("/bin/true", folder, folder)
            self.assertEqual(program.run("simulate -o simulated.csv"), "")
            with self.assertRaises(Absent):
                program.run("evaluate simulated.csv")

    def test_goals_are_judged_on_the_side_they_name(self):
        self.assertIn(" reached", text.verdict("mape", 0.04, 0.046))
        self.assertIn("**not reached**", text.verdict("mape", 0.05, 0.046))
        self.assertIn("**not reached**", text.verdict("top1", 0.7, 0.75, ">="))
        self.assertIn("**not reached**", text.verdict("top1", None, 0.75, ">="))

    def test_a_predictor_without_noise_is_always_right(self):
        import random
        right, regret = ceiling.top1_with_noise([[1, 2], [3, 2.9]], 0, random.Random(1))
        self.assertEqual((right, regret), (1, 0))
        right, regret = ceiling.top1_with_noise([[1, 1.0001]], 0.1, random.Random(1))
        self.assertAlmostEqual(right, 0.5, delta=0.15)


if __name__ == "__main__":
    unittest.main()
