# SPDX-License-Identifier: Apache-2.0
"""checks_test.py TOOLS: each check passes a sound small tree and names the one fault of each broken one."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(sys.argv.pop(1))

SOUND = {
    "floors.txt": "# highest first\n2 cli\n1 law table\n0 core\n",
    "include/energylens/core/error.hpp": "#include <string>\n",
    "include/energylens/table/row.hpp": '#include "energylens/core/error.hpp"\n',
    "src/core/CMakeLists.txt": "energylens_module(core FILES error.cpp)\n",
    "src/core/error.cpp": '#include "energylens/core/error.hpp"\n',
    "src/table/CMakeLists.txt": "energylens_module(table FILES row.cpp\n  DEPENDS core PRIVATE csv)\n",
    "src/table/row_parts.hpp": "",
    "src/table/row.cpp": '#include <csv.h>\n#include "table/row_parts.hpp"\n',
    "src/law/CMakeLists.txt": "energylens_module(law FILES fit.cpp DEPENDS core)\n",
    "src/law/fit.cpp": "int fit(int x) {\n  return x;\n}\n",
    "tests/law/CMakeLists.txt": "energylens_test(law FILES fit_test.cpp ${CMAKE_CURRENT_SOURCE_DIR}/model_test.py ${PROJECT_SOURCE_DIR}/fuzz/law_fuzz.cpp)\n",
    "tests/law/fit_test.cpp": "",
    "tests/law/model_test.py": "",
    "fuzz/law_fuzz.cpp": "",
}


class Check(unittest.TestCase):
    def run_on(self, tool, changes):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**SOUND, **changes}.items():
                if text is None:
                    continue
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, TOOLS / tool, folder], capture_output=True, text=True, check=False)
            return done.returncode, done.stderr.strip()

    def assert_refused(self, tool, changes, message):
        self.assertEqual(self.run_on(tool, changes), (1, message))

    def test_a_sound_tree_passes(self):
        for tool in ("check_floors", "check_sizes", "check_words"):
            self.assertEqual(self.run_on(tool, {}), (0, ""))


class Floors(Check):
    def test_an_include_of_a_higher_floor(self):
        self.assert_refused("check_floors", {"include/energylens/core/error.hpp": '\n#include "energylens/table/row.hpp"\n'},
                            "include/energylens/core/error.hpp:2: core (floor 0) includes table (floor 1)")

    def test_an_include_of_a_sibling(self):
        self.assert_refused("check_floors", {"src/law/fit.cpp": '#include "energylens/table/row.hpp"\n'},
                            "src/law/fit.cpp:1: law (floor 1) includes table (floor 1)")

    def test_an_include_of_a_private_header_of_another_module(self):
        self.assert_refused("check_floors", {"src/law/fit.cpp": '#include "core/parts.hpp"\n', "src/core/parts.hpp": ""},
                            "src/law/fit.cpp:1: includes the private header core/parts.hpp of core")

    def test_an_include_of_a_shared_header_of_a_lower_module(self):
        shared = {"src/core/parts.hpp": "// SPDX\n// Shared: with modules above.\n", "src/law/fit.cpp": '#include "core/parts.hpp"\n'}
        self.assertEqual(self.run_on("check_floors", shared), (0, ""))

    def test_an_include_of_a_shared_header_of_a_sibling(self):
        shared = {"src/table/parts.hpp": "// Shared: with modules above.\n", "src/law/fit.cpp": '#include "table/parts.hpp"\n'}
        self.assert_refused("check_floors", shared, "src/law/fit.cpp:1: law (floor 1) includes table (floor 1)")

    def test_a_header_in_a_sub_folder_is_not_shared(self):
        shared = {"src/core/text/parts.hpp": "// Shared: with modules above.\n",
                  "src/law/fit.cpp": '#include "core/text/parts.hpp"\n'}
        self.assert_refused("check_floors", shared, "src/law/fit.cpp:1: includes the private header core/text/parts.hpp of core")

    def test_a_shared_header_in_a_public_one(self):
        shared = {"src/core/parts.hpp": "// Shared: with modules above.\n",
                  "include/energylens/table/row.hpp": '#include "core/parts.hpp"\n'}
        self.assert_refused("check_floors", shared,
                            "include/energylens/table/row.hpp:1: a public header includes the private header core/parts.hpp")

    def test_an_include_by_the_name_of_a_neighbour(self):
        self.assert_refused("check_floors", {"src/law/fit.cpp": '#include "terms.hpp"\n', "src/law/terms.hpp": ""},
                            'src/law/fit.cpp:1: "terms.hpp" is not a path from include/, src/, tests/ or the root')

    def test_a_third_party_header_in_a_public_one(self):
        self.assert_refused("check_floors", {"include/energylens/table/row.hpp": "#include <fmt/format.h>\n"},
                            "include/energylens/table/row.hpp:1: a public header includes <fmt/format.h>, "
                            "which is not of the standard library")

    def test_a_link_to_a_sibling(self):
        self.assert_refused("check_floors",
                            {"src/law/CMakeLists.txt": "energylens_module(law FILES fit.cpp\n DEPENDS core table)\n"},
                            "src/law/CMakeLists.txt:2: law (floor 1) links table (floor 1)")

    def test_a_module_without_floor(self):
        self.assert_refused("check_floors", {"src/extra/CMakeLists.txt": ""}, "src/extra: has no floor in floors.txt")

    def test_a_source_that_is_not_built(self):
        self.assert_refused("check_floors", {"src/law/refit.cpp": ""},
                            "src/law/refit.cpp: is not built in src/law/CMakeLists.txt")

    def test_a_test_that_is_not_registered(self):
        self.assert_refused("check_floors", {"tests/law/model_test.cpp": ""},
                            "tests/law/model_test.cpp: is not registered in tests/law/CMakeLists.txt")

    def test_a_fuzz_target_that_is_not_replayed(self):
        self.assert_refused("check_floors", {"fuzz/csv_fuzz.cpp": ""}, "fuzz/csv_fuzz.cpp: its corpus is replayed by no test")

    FOLDERS = {
        "src/table/floors.txt": "# highest first\n1 read\n0 row\n",
        "src/table/row.cpp": None,
        "src/table/CMakeLists.txt": "energylens_module(table FILES read/csv.cpp row/row.cpp DEPENDS core)\n",
        "src/table/read/csv.cpp": '#include "table/row/row.hpp"\n',
        "src/table/row/row.cpp": '#include "table/row/row.hpp"\n',
        "src/table/read/csv.hpp": "",
        "src/table/row/row.hpp": "",
    }

    def test_folders_of_a_module_in_order(self):
        self.assertEqual(self.run_on("check_floors", self.FOLDERS), (0, ""))

    def test_an_include_of_a_higher_folder(self):
        self.assert_refused("check_floors", {**self.FOLDERS, "src/table/row/row.cpp": '#include "table/read/csv.hpp"\n'},
                            "src/table/row/row.cpp:1: row (floor 0) includes read (floor 1)")

    def test_a_folder_without_floor(self):
        self.assert_refused("check_floors", {**self.FOLDERS, "src/table/floors.txt": "1 read\n"},
                            "src/table/read/csv.cpp:1: read (floor 1) includes row (floor none)\n"
                            "src/table/row/row.cpp: has no floor in src/table/floors.txt\n"
                            "src/table/row/row.hpp: has no floor in src/table/floors.txt")


class Sizes(Check):
    LONG = "/// {\nint fit(int x)\n{\n" + "  if (x == '{') { x++; }\n" * 60 + "}\n"

    def test_a_long_function(self):
        self.assert_refused("check_sizes", {"src/law/fit.cpp": self.LONG}, "src/law/fit.cpp:2: fit has 63 lines, more than 60")

    CLASS = "class Fit final : public Base {\n public:\n  Fit() : x_(1) {}\n" + "  int step(int x) { return x; }\n" * 147 + "};\n"

    def test_a_long_class(self):
        self.assert_refused("check_sizes", {"src/law/fit.cpp": self.CLASS}, "src/law/fit.cpp:1: Fit has 151 lines, more than 150")

    def test_a_class_within_its_limit(self):
        shorter = self.CLASS.replace("  Fit() : x_(1) {}\n", "")
        self.assertEqual(self.run_on("check_sizes", {"src/law/fit.cpp": shorter}), (0, ""))

    def test_a_long_function_of_a_class(self):
        inside = "struct Fit {\n" + self.LONG + "};\n"
        self.assert_refused("check_sizes", {"src/law/fit.cpp": inside}, "src/law/fit.cpp:3: fit has 63 lines, more than 60")

    def test_an_exception_for_a_class(self):
        excepted = {"src/law/fit.cpp": self.CLASS, "tools/size_exceptions.txt": "src/law/fit.cpp:Fit one table\n"}
        self.assertEqual(self.run_on("check_sizes", excepted), (0, ""))

    def test_a_long_file(self):
        self.assert_refused("check_sizes", {"src/law/fit.cpp": "\n" * 601}, "src/law/fit.cpp: 601 lines, more than 600")

    def test_a_long_verb(self):
        self.assert_refused("check_sizes", {"cli/fit/verb.cpp": "\n" * 151}, "cli/fit/verb.cpp: 151 lines, more than 150")

    def test_a_long_table_of_data_is_no_function(self):
        rows = "constexpr Row kRows[] = {\n" + "    {(1), 2},\n" * 100 + "};\n"
        self.assertEqual(self.run_on("check_sizes", {"src/law/fit.cpp": rows}), (0, ""))

    def test_an_exception_with_a_reason(self):
        excepted = {"src/law/fit.cpp": self.LONG, "tools/size_exceptions.txt": "src/law/fit.cpp:fit one table in a switch\n"}
        self.assertEqual(self.run_on("check_sizes", excepted), (0, ""))

    def test_an_exception_that_is_not_needed(self):
        self.assert_refused("check_sizes", {"tools/size_exceptions.txt": "src/law/fit.cpp:fit is long\n"},
                            "tools/size_exceptions.txt:1: src/law/fit.cpp:fit is not beyond any limit")


class Words(Check):
    MESSAGE = 'auto text = "the value is "\n    "no number";  // is no comment\n'

    def test_a_phrase_over_two_literals(self):
        self.assert_refused("check_words", {"src/law/fit.cpp": "\n" + self.MESSAGE},
                            'src/law/fit.cpp:2: "is no": write: unknown Y, or: is not a Y')

    def test_a_phrase_in_a_raw_literal(self):
        self.assert_refused("check_words", {"cli/fit/verb.cpp": 'auto help = R"(start it so\noften)";\n'},
                            'cli/fit/verb.cpp:1: "so often": write: this many times')

    def test_comments_names_and_other_words_pass(self):
        sound = '// is no\nauto a = "beside"; auto b = "there is no longer a file"; auto d = "there is no group"; auto c = "besides and essays here";\n'
        self.assertEqual(self.run_on("check_words", {"src/law/fit.cpp": sound}), (0, ""))

    def test_a_phrase_that_is_allowed(self):
        allowed = {"src/law/fit.cpp": self.MESSAGE, "tools/words_allowed.txt": "src/law/fit.cpp: is no\n"}
        self.assertEqual(self.run_on("check_words", allowed), (0, ""))

    def test_an_allowance_that_is_not_needed(self):
        self.assert_refused("check_words", {"tools/words_allowed.txt": "src/law/fit.cpp: is no\n"},
                            'tools/words_allowed.txt:1: src/law/fit.cpp does not hold "is no"')

    def test_a_path_of_one_machine(self):
        folder = "/home/" + "somebody/data"
        self.assert_refused("check_words", {"docs/data.md": f"Copy it to {folder}/x.csv\n"},
                            "docs/data.md:1: /home/somebody/d is a path of one machine")


class Names(unittest.TestCase):
    def names_in(self, code):
        if not shutil.which("run-clang-tidy"):
            self.skipTest("clang-tidy is absent")
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(TOOLS.parent / ".clang-tidy", folder)
            source = Path(folder) / "fit.cpp"
            source.write_text(code)
            commands = [{"directory": folder, "file": str(source), "command": f"g++ -std=c++20 -c {source}"}]
            (Path(folder) / "compile_commands.json").write_text(json.dumps(commands))
            done = subprocess.run([TOOLS / "check_names", folder], capture_output=True, text=True, check=False)
            return done.returncode, re.findall(r"style for ([\w ]+) '(\w+)'", done.stderr)

    def test_names_of_each_kind(self):
        sound = ("namespace a { constexpr double kReach_s = 1; enum class Kind { one_way };\n"
                 "class Law { public: int step_size() const { return count_; } private: int count_ = 0; }; }\n")
        self.assertEqual(self.names_in(sound), (0, []))

    def test_names_that_break_the_rules(self):
        broken = ("constexpr int reach = 1; struct law {}; void FitIt(int Count);\n"
                  "class Law { public: int step() const { return count; } private: int count = 0; };\n")
        code, found = self.names_in(broken)
        self.assertEqual(code, 1)
        self.assertEqual({name for _, name in found}, {"reach", "law", "FitIt", "Count", "count"})


if __name__ == "__main__":
    unittest.main()
