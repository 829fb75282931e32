# SPDX-License-Identifier: Apache-2.0
"""documents_test.py TOOLS: tools/check_guides compares, shortens and updates outputs as it says; tools/check_tour names the
one fault of each small tree; the project of docs/guide/cpp.md is the one that the tests build."""
import importlib.machinery
import importlib.util
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop(1))
ROOT = TOOLS.parent
sys.dont_write_bytecode = True


def load(name):
    """The module of a tool whose file has no suffix."""
    loader = importlib.machinery.SourceFileLoader(name, str(TOOLS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


guides = load("check_guides")


class Outputs(unittest.TestCase):
    def test_equal_lines_match_and_others_do_not(self):
        self.assertTrue(guides.matches(["a", "b"], ["a", "b"]))
        self.assertFalse(guides.matches(["a", "b"], ["a", "c"]))
        self.assertFalse(guides.matches(["a"], ["a", "b"]))
        self.assertFalse(guides.matches(["a", "b"], ["a"]))

    def test_a_line_of_dots_is_any_number_of_lines(self):
        for printed in (["a", "z"], ["a", "b", "z"], ["a", "b", "c", "z"]):
            self.assertTrue(guides.matches(["a", "...", "z"], printed))
        self.assertFalse(guides.matches(["a", "...", "z"], ["a", "b"]))
        self.assertFalse(guides.matches(["...", "m", "...", "z"], ["a", "z"]))

    def test_dots_in_a_line_are_any_text(self):
        self.assertTrue(guides.matches(["time 2... s, done"], ["time 2.004 s, done"]))
        self.assertFalse(guides.matches(["time 2... s, done"], ["time 3.004 s, done"]))
        self.assertFalse(guides.matches(["12 .. 13"], ["12 to 13"]))

    def test_an_update_keeps_what_was_left_out(self):
        printed = ["head", "one", "two", "middle 2", "three", "last"]
        self.assertEqual(guides.updated(["old head", "...", "middle 1", "...", "old last"], printed),
                         ["head", "...", "middle 2", "...", "last"])
        self.assertEqual(guides.updated(["old"], printed), printed)

    def test_an_update_keeps_dots_in_a_line_that_still_matches(self):
        self.assertEqual(guides.updated(["time 2...", "...", "old"], ["time 2.1", "b", "c", "new"]), ["time 2...", "...", "new"])

    def test_commands_continue_after_a_backslash_and_in_a_here_document(self):
        self.assertEqual(guides.split("$ a \\\n  b\nout\n$ cat > f <<'END'\nx\nEND\n$ c\n"),
                         [(["$ a \\", "  b"], ["out"]), (["$ cat > f <<'END'", "x", "END"], []), (["$ c"], [])])

    def page(self, text, *options):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.md"
            path.write_text(text)
            done = subprocess.run([sys.executable, TOOLS / "check_guides", "/bin/echo", path, *options],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stderr, path.read_text()

    def test_a_difference_is_an_error_and_an_update_removes_it(self):
        text = "```console\n$ energylens hello\n{}\n```\n"
        self.assertEqual(self.page(text.format("hello"))[0], 0)
        code, said, _ = self.page(text.format("goodbye"))
        self.assertEqual(code, 1)
        self.assertIn("-goodbye\n+hello", said)
        self.assertEqual(self.page(text.format("goodbye"), "--update")[2], text.format("hello"))

    def test_a_command_fails_where_it_is_said_to_and_nowhere_else(self):
        self.assertEqual(self.page("```console fails\n$ false\n```\n")[0], 0)
        self.assertEqual(self.page("```console fails\n$ true\n```\n")[0], 1)
        self.assertEqual(self.page("```console\n$ false\n```\n")[0], 1)


class Tour(unittest.TestCase):
    SOUND = {
        "README.md": "`src/a/a.cpp` `src/a/a.cpp` `src/a/a.cpp` `src/a/a.cpp` `src/a/a.cpp` [law](docs/method/law.md#x) "
                     "[web](https://example.org) `fuzz/corpus/NAME` `data/public/x.csv`\n",
        "docs/method/law.md": "    E = mc^2      (1)\n",
        "src/a/a.cpp": "// docs/method/law.md (1)\n",
    }

    def problems(self, changes):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**self.SOUND, **changes}.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, TOOLS / "check_tour", folder], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1 if done.stderr else 0)
            return done.stderr.strip()

    def test_a_sound_tree_passes(self):
        self.assertEqual(self.problems({}), "")

    def test_a_path_that_is_not_there(self):
        self.assertEqual(self.problems({"docs/tour.md": "see `src/a/b.cpp`\n"}), "docs/tour.md:1: src/a/b.cpp does not exist")

    def test_a_link_that_leads_nowhere(self):
        self.assertEqual(self.problems({"docs/tour.md": "[law](law.md)\n"}), "docs/tour.md:1: the link law.md leads nowhere")

    def test_code_that_cites_a_page_or_an_equation_that_is_not_there(self):
        self.assertEqual(self.problems({"src/a/a.cpp": "// docs/lost.md (1)\n"}), "src/a/a.cpp:1: docs/lost.md does not exist")
        self.assertEqual(self.problems({"src/a/a.cpp": "// docs/method/law.md (1), (2)\n"}),
                         "src/a/a.cpp:1: docs/method/law.md has no equation (2)")

    def test_documents_that_name_nothing(self):
        self.assertIn("only 0 paths", self.problems({"README.md": ""}))


class Consumer(unittest.TestCase):
    def test_the_guide_shows_the_project_that_is_built(self):
        page = (ROOT / "docs" / "guide" / "cpp.md").read_text(encoding="utf-8")
        for language, name in (("cmake", "CMakeLists.txt"), ("cpp", "main.cpp")):
            shown = re.search(f"^```{language}\n(.*?)^```$", page, re.M | re.S).group(1)
            source = (ROOT / "tests" / "install" / "consumer" / name).read_text(encoding="utf-8")
            self.assertIn(shown.strip(), source, name)


if __name__ == "__main__":
    unittest.main()
