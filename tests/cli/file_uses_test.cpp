// SPDX-License-Identifier: Apache-2.0
// No output may destroy an input, for every verb and every spelling of a file.
#include <gmock/gmock.h>

#include "cli/program.hpp"

namespace energylens::cli {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

class FileUses : public ProgramTest {
 protected:
  void expect_refused(const std::string& arguments, const std::string& input) const {
    const std::string before = read(input);
    const std::size_t files_before = files();
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, arguments.starts_with("meter") ? 125 : 2) << arguments;
    EXPECT_EQ(outcome.out, "") << arguments;
    EXPECT_THAT(outcome.err, HasSubstr("would overwrite an input file")) << arguments;
    EXPECT_EQ(read(input), before) << arguments;
    EXPECT_EQ(files(), files_before) << arguments;
  }
};

TEST_F(FileUses, TheOutputOfEveryVerbIsNoneOfItsInputs) {
  write("rows.csv", good_table());
  ASSERT_EQ(run("fit rows.csv -o m.json").code, 0);
  write("x.svg", good_table());
  write("gpus.json", "{}");
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n");
  shell(
      "mkdir found state && cp rows.csv found/hall_of_fame.csv && cp m.json found/model.json && cp rows.csv state/search.json");
  expect_refused("fit rows.csv -o rows.csv", "rows.csv");
  expect_refused("fit rows.csv --catalogue gpus.json -o gpus.json", "gpus.json");
  expect_refused("fit x.svg --plot x.svg", "x.svg");
  expect_refused("transfer m.json --to gpu=H100-80GB-SXM -o m.json", "m.json");
  expect_refused("transfer m.json rows.csv --to gpu=H100-80GB-SXM -o rows.csv", "rows.csv");
  expect_refused("transfer m.json --to gpu=x --catalogue gpus.json -o gpus.json", "gpus.json");
  expect_refused("choose x.svg --batch 4 --isl 8 --osl 8 --total-gpus 2 --plot x.svg", "x.svg");
  expect_refused("choose m.json --batch 4 --isl 8 --osl 8 --total-gpus 2 --catalogue x.svg --plot x.svg",
                 "x.svg");
  expect_refused("evaluate x.svg --plot x.svg", "x.svg");
  expect_refused("evaluate rows.csv --structure x.svg --plot x.svg", "x.svg");
  expect_refused("table convert rows.csv -o rows.csv", "rows.csv");
  expect_refused("table convert rows.csv log.csv -o log.csv", "log.csv");
  expect_refused("simulate --gpu H100-80GB-SXM --catalogue gpus.json -o gpus.json", "gpus.json");
  expect_refused("import nvidia-smi log.csv -o log.csv", "log.csv");
  expect_refused("import vllm m.json --energy log.csv -o log.csv", "log.csv");
  expect_refused("meter --meter replay=log.csv --samples log.csv -- true", "log.csv");
  expect_refused("meter --meter nvidia-smi=log.csv -o log.csv -- true", "log.csv");
  expect_refused("discover found/hall_of_fame.csv -o found", "found/hall_of_fame.csv");
  expect_refused("discover rows.csv --with found/model.json -o found", "found/model.json");
  expect_refused("discover x.svg --plot x.svg", "x.svg");
  expect_refused("discover state/search.json --checkpoint state", "state/search.json");
}

TEST_F(FileUses, OfAnotherSpellingOrALinkIsTheSameFile) {
  write("rows.csv", good_table());
  shell(
      "mkdir sub && ln rows.csv hard.csv && ln -s rows.csv soft.csv && ln -s . here && ln -s soft.csv again.csv");
  for (const std::string output : {"./rows.csv", "sub/../rows.csv", "hard.csv", "soft.csv", "here/rows.csv",
                                   "again.csv", "\"$PWD/rows.csv\""})
    expect_refused("table convert rows.csv -o " + output, "rows.csv");
  expect_refused("table convert again.csv -o hard.csv", "rows.csv");
  const Outcome piped = run("table convert - -o rows.csv <rows.csv");
  EXPECT_EQ(piped.code, 2);
  EXPECT_EQ(read("rows.csv"), good_table());
  EXPECT_EQ(run("table convert rows.csv -o copy.csv").code, 0);
  EXPECT_EQ(run("table convert rows.csv -o copy.csv").code, 0) << "an older output is replaced";
}

TEST_F(FileUses, TwoOutputsAreTwoFiles) {
  write("rows.csv", good_table());
  write("log.csv", "timestamp_unix,gpu_index,power_w\n1,0,3\n");
  const Outcome fit = run("fit rows.csv -o ./x.svg --plot x.svg");
  EXPECT_EQ(fit.code, 2);
  EXPECT_THAT(fit.err, HasSubstr("-o and --plot would write the same file, x.svg"));
  const Outcome meter = run("meter --meter replay=log.csv --samples s.csv -o s.csv -- true");
  EXPECT_EQ(meter.code, 125);
  EXPECT_FALSE(exists("s.csv"));
}

TEST_F(FileUses, DevicesAndPipesAreBoth) {
  write("rows.csv", good_table());
  EXPECT_EQ(run("table convert rows.csv -o /dev/null").code, 0);
  EXPECT_EQ(shell("cat rows.csv | \"$ENERGYLENS\" table convert /dev/stdin -o /dev/stdout").code, 0);
}

TEST_F(FileUses, WarningsDoNotGoIntoAFileThatTookTheirStream) {
  write("rows.csv", good_table() + ",,,tp2,4,512,,,,,,\n");
  for (const std::string closed : {"2>&-", "<&- 2>&-", "<&- >&- 2>&-"}) {
    shell("\"$ENERGYLENS\" fit rows.csv -o m.json " + closed +
          "; \"$ENERGYLENS\" discover rows.csv --evaluations 300 --checkpoint state --resume " + closed);
    EXPECT_THAT(read("m.json"), testing::StartsWith("{")) << closed;
    EXPECT_EQ(read("state/search.lock"), "") << closed;
  }
  EXPECT_EQ(shell("\"$ENERGYLENS\" table template >&-").code, 1) << "data that is not written is a failure";
}

TEST_F(FileUses, CollectKeepsWhatTheCampaignWrote) {
  shell("mkdir -p out/samples out/task_0");
  write(
      "out/plan.json",
      R"({"url": "http://h", "identity": {"model": "m"}, "configurations": [{"layout": "tp1", "batch": 1, "isl": 8, "osl": 2}]})");
  write("out/journal.jsonl", "");
  write("out/environment.json", "{}");
  write("out/samples/0.csv", "x");
  write("out/task_0/rows.csv", "x");
  shell("ln out/journal.jsonl j && ln -s out o");
  for (const std::string file :
       {"plan.json", "journal.jsonl", "environment.json", "samples/0.csv", "task_0/rows.csv"})
    expect_refused("collect out -o out/" + file, "out/" + file);
  expect_refused("collect out -o j", "out/journal.jsonl");
  expect_refused("collect out -o o/plan.json", "out/plan.json");
  expect_refused("collect o -o out/plan.json", "out/plan.json");
}

TEST_F(FileUses, ACampaignDoesNotReplaceItsPlanOrTheSourceOfItsMeter) {
  shell("mkdir c");
  write("c/rows.csv", "model,gpu,layout,batch,isl,osl\nm,g,tp1,1,8,4\n");
  write("c/environment.json", "timestamp_unix,gpu_index,power_w\n1,0,3\n");
  expect_refused("profile c/rows.csv -o c --url http://127.0.0.1:1", "c/rows.csv");
  write("plan.csv", read("c/rows.csv"));
  expect_refused("profile plan.csv -o c --url http://127.0.0.1:1 --meter replay=c/environment.json",
                 "c/environment.json");
}

}  // namespace
}  // namespace energylens::cli
