# SPDX-License-Identifier: Apache-2.0
"""results_test.py TOOLS: the generator of docs/evidence/results.md names what is absent, and judges goals as it says; the page that
is there has commands that run, links that lead somewhere, and the figures of the summary and of the README."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop(1))
ROOT = TOOLS.parent
sys.path.insert(0, str(TOOLS / "results"))
sys.dont_write_bytecode = True

import ceiling  # noqa: E402
import claims  # noqa: E402
import curves  # noqa: E402
import groups  # noqa: E402
import text  # noqa: E402
import transfers  # noqa: E402
from program import Absent, Program  # noqa: E402
from section import Section, anchor, commands, joined, not_run, split  # noqa: E402

PAGE = (ROOT / "docs" / "evidence" / "results.md").read_text(encoding="utf-8")


def generate(folder, *arguments):
    """Runs the generator without data and with a program that does nothing."""
    (Path(folder) / "data").mkdir(exist_ok=True)
    environment = dict(os.environ, ENERGYLENS_DATA=f"{folder}/data", ENERGYLENS_OWN_DATA=f"{folder}/data", PYTHONDONTWRITEBYTECODE="1")
    return subprocess.run([sys.executable, TOOLS / "results", "/bin/true", folder, *arguments], env=environment, check=False,
                          capture_output=True, text=True)


def cells(section, *row):
    """{column: cell} of the first line that begins with these cells, in the first table of a section."""
    table = re.search(r"^\|.*?\n\n", PAGE[PAGE.index(f"{section.heading}\n"):], re.S | re.M).group()
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    found = next(line for line in lines if line[:len(row)] == list(row))
    return dict(zip(lines[0], found))


class Results(unittest.TestCase):
    def test_without_data_every_section_says_what_is_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            done = generate(folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            written = (Path(folder) / "evidence" / "results.md").read_text()
            self.assertIn("data are absent: gpu_llm_profile.csv", written)
            self.assertIn("data are absent: mlenergy_v3.csv", written)
            self.assertIn("data are absent: h200_pytorch.csv", written)
            self.assertIn("## Transfer to another GPU or quantisation\n\n*Not written", written)
            self.assertNotIn("| law |", written)

    def test_only_the_named_section_is_rewritten(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "evidence" / "results.md"
            page.parent.mkdir()
            page.write_text(PAGE.replace("## Transfer to", "## Removed"))
            done = generate(folder, "--only", "transfers")
            self.assertIn("transfers not written: gpu_llm_profile.csv absent", done.stderr)
            begin = PAGE.index("## Transfer to")
            self.assertTrue(page.read_text().startswith(PAGE[:begin]))
            self.assertIn("## Transfer to another GPU or quantisation\n\n*Not written, because data are absent", page.read_text())

    def test_only_keeps_a_section_whose_data_are_absent(self):
        with tempfile.TemporaryDirectory() as folder:
            page = Path(folder) / "evidence" / "results.md"
            page.parent.mkdir()
            page.write_text(PAGE)
            done = generate(folder, "--only", "transfers", "chances")
            self.assertEqual(done.returncode, 1)
            self.assertIn("chances not written: gpu_llm_profile.csv absent", done.stderr)
            self.assertTrue(page.read_text() == PAGE, "the page changed")

    def test_only_names_what_it_cannot_keep_or_does_not_know(self):
        with tempfile.TemporaryDirectory() as folder:
            done = generate(folder, "--only", "transfers")
            self.assertEqual(done.returncode, 1)
            self.assertIn("lacks sections that --only does not name: introduction, claims", done.stderr)
            self.assertFalse((Path(folder) / "evidence" / "results.md").exists())
            self.assertEqual(generate(folder, "--only", "transfer").returncode, 2)

    def test_a_page_is_its_sections(self):
        sections = [Section("a", "# A", None), Section("b", "### B: 2 % c", None)]
        texts = {"a": "one\n\n## not a section\n\n    # A", "b": "two"}
        self.assertEqual(split(joined(texts, sections), sections), texts)
        self.assertEqual(sections[1].link("there"), "[there](#b-2--c)")

    def test_a_command_that_was_not_run_is_found(self):
        shown = text.code("energylens fit a.csv", "for i in 1; do energylens fit b.csv; done") + "\n" + text.command("c.csv")
        self.assertEqual(not_run(shown, {"fit a.csv"}), ["evaluate c.csv --format json"])

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

    def test_the_sample_ratio_says_what_each_learner_needs(self):
        def report(size):
            mape = {name: 10 / size for name in curves.NAMES} | {"law": 0.05, "xgboost": 1, "forest": 1, "gp": 1}
            return {"train": size, "groups": [{"predictors": {name: {"mape": value} for name, value in mape.items()}}]}

        class Said:
            @staticmethod
            def evaluate(arguments):
                return {"reports": [report(size) for size in curves.SIZES]}

        self.assertEqual(claims.sample_ratio(Said), "4 times (xgboost+waves), 4 times (forest+waves), "
                         "more than 10 times (xgboost, forest, gp: not with all 500 rows)")

    def test_columns_of_a_transfer_that_cannot_differ_are_named(self):
        class Said:
            @staticmethod
            def evaluate(arguments):
                return {"reports": [{"train": n, "with_sources": False, "groups": [{"train_used": min(n, 21)}]} for n in transfers.SIZES]}

        self.assertEqual(transfers.few_rows(Said, "here", ""),
                         ['Columns 25, 30, 50 of "here" are equal because only 21 rows may train there: all of them do.'])

    def test_a_predictor_without_noise_is_always_right(self):
        import random
        right, regret = ceiling.top1_with_noise([[1, 2], [3, 2.9]], 0, random.Random(1))
        self.assertEqual((right, regret), (1, 0))
        right, regret = ceiling.top1_with_noise([[1, 1.0001]], 0.1, random.Random(1))
        self.assertAlmostEqual(right, 0.5, delta=0.15)


class Page(unittest.TestCase):
    def test_commands_have_no_placeholders(self):
        lines = commands(PAGE)
        self.assertGreater(len(lines), 50)
        blocks = re.findall(r"^ {4}\S.*$", PAGE, re.M)
        self.assertEqual(len(lines), len(blocks), "a block that is no command")
        for line in lines:
            for word in shlex.split(line):
                self.assertNotRegex(word, r"^[A-Z]+$|\.\.\.|[<>]?\{|^<", line)

    def test_files_of_commands_are_data_sets_or_written_before(self):
        known = {"gpu_llm_profile.csv", "splitwise.csv", "mlenergy_v2.csv", "mlenergy_v3.csv", "h200_pytorch.csv", "inferencex_m3.csv",
                 "inferencex_models.csv", "inferencex_scenarios.csv", "powercap_rtx.csv"}
        written = {word for line in commands(PAGE) for before, word in zip(shlex.split(line), shlex.split(line)[1:]) if before == "-o"}
        for line in commands(PAGE):
            files = [word for word in shlex.split(line) if re.search(r"\.(csv|json)$", word)]
            self.assertLessEqual(set(files), known | written, line)

    def test_links_lead_to_headings(self):
        anchors = {anchor(line) for line in PAGE.splitlines() if line.startswith("#")}
        links = re.findall(r"\]\(#([^)]*)\)", PAGE)
        self.assertGreater(len(links), 10)
        for link in links:
            self.assertIn(link, anchors)

    def test_figures_are_there(self):
        for name in re.findall(r"\]\((\.\./figures/[^)]*)\)", PAGE):
            self.assertTrue((ROOT / "docs" / "evidence" / name).exists(), name)


class Summary(unittest.TestCase):
    """The figures of the summary and of the README are those of the page."""
    SUMMARY = (ROOT / "docs" / "evidence" / "summary.md").read_text(encoding="utf-8")
    README = (ROOT / "README.md").read_text(encoding="utf-8")

    def line(self, begin):
        return next(line for line in self.SUMMARY.splitlines() if line.startswith(f"| {begin}"))

    @staticmethod
    def shown(section, predictor):
        """Top-1, regret and error as people read them."""
        own = cells(groups.OF[section], predictor)
        top1, *sd = [float(value) / 100 for value in own["top1"].split(" ± ")]
        share = f"{top1:.3f} (sd {sd[0]:.2f})" if sd and top1 < 1 else f"{top1:.2f}"
        return share, f"{float(own['regret %'].split(' ')[0]):g} %", float(own["mape %"].split(" ")[0])

    def agree(self, begin, section, predictor):
        top1, regret, mape = self.shown(section, predictor)
        *_, said_top1, said_regret, said_mape = [cell.strip() for cell in self.line(begin).strip("|").split("|")]
        self.assertEqual((said_top1, said_regret), (top1, regret), begin)
        self.assertAlmostEqual(float(said_mape.removesuffix(" %")), mape, delta=0.0501, msg=begin)

    def test_groups_agree(self):
        self.agree("main group", "main-group", "law")
        self.agree("the same, capacities", "main-group", "law:fitted-capacity")
        self.agree("the same, `law+residual` | 50", "main-group", "law+residual")
        self.agree("Llama-3.1-70B FP16", "h800-fp16", "law")
        self.agree("Llama-3.1-70B FP8", "h800-fp8", "law")
        self.agree("Llama-3-8B", "llama-3-8b", "law")
        self.agree("Splitwise", "splitwise", "law")

    def test_the_headlines_of_the_readme_agree(self):
        for begin, section in (("main group", "main-group"), ("Llama-3.1-70B FP16", "h800-fp16")):
            line = next(line for line in self.README.splitlines() if line.startswith(f"| {begin}"))
            top1, regret, mape = self.shown(section, "law")
            self.assertIn(f"Top-1 {top1}, regret {regret}, error ", line)
            self.assertAlmostEqual(float(re.search(r"error ([\d.]+) %", line).group(1)), mape, delta=0.0501, msg=begin)

    def test_the_rule_that_sees_all_scenarios_agrees(self):
        share = f"{float(cells(groups.OF['main-group'], 'threshold')['top1'].split(' ')[0]) / 100:.2f}"
        for name, said in (("README.md", self.README), ("summary.md", self.SUMMARY), ("results.md", PAGE)):
            self.assertTrue(f"picks the best layout in {share} of the held-out" in said, f"{name} does not say {share}")


if __name__ == "__main__":
    unittest.main()
