// SPDX-License-Identifier: Apache-2.0
// `import`, end to end: what it writes is a table that the other verbs take.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Import : public ProgramTest {
 protected:
  void SetUp() override {
    write("smi.csv",
          "timestamp, index, power.draw [W]\n2024/03/31 12:00:00.0, 0, 100 W\n2024/03/31 12:00:02.0, 0, 100 "
          "W\n");
    write(
        "run.json",
        R"({"date": "20240331-120002", "model_id": "toy", "completed": 4, "duration": 2.0, "max_concurrency": 2,
              "total_input_tokens": 40, "total_output_tokens": 50, "output_throughput": 25, "mean_ttft_ms": 250,
              "mean_tpot_ms": 65, "mood": 1})");
    write("other.json", R"({"mood": 1})");
  }
};

TEST_F(Import, WritesATableThatTableCheckTakes) {
  const Outcome outcome =
      run("import vllm run.json --energy smi.csv --set tp=1 --set quant=fp8 --set gpu=Toy -o rows.csv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(run("import vllm run.json --set batch=1").err,
              HasSubstr("energylens: warning: --set batch=1 replaces 2 of the file\n"));
  EXPECT_THAT(outcome.err, HasSubstr("energylens: warning: run.json: ignored unknown key \"mood\"\n"));
  EXPECT_THAT(read("rows.csv"), HasSubstr("energy_per_out_token_j"));
  EXPECT_EQ(run("table check rows.csv").code, 0);
}

TEST_F(Import, NeedsNoNameOfTheFormat) {
  const Outcome named = run("import vllm run.json --energy smi.csv --set gpu=Toy");
  EXPECT_EQ(run("import run.json --energy smi.csv --set gpu=Toy").out, named.out);
  EXPECT_EQ(run("import run.json smi.csv --set gpu=Toy").out, named.out);
  EXPECT_EQ(run("import --format vllm run.json --energy smi.csv --set gpu=Toy").out, named.out);
  EXPECT_EQ(run("import other.json").code, 2);
  EXPECT_THAT(run("import other.json").err, HasSubstr("the format is not recognised"));
}

TEST_F(Import, ListsFormatsAndTheirFields) {
  EXPECT_THAT(run("import --list").out, HasSubstr("  guidellm "));
  EXPECT_THAT(run("import --list vllm").out, HasSubstr("  read     model_id -> model\n"));
  EXPECT_EQ(run("import --list vlm").err,
            "energylens: error: unknown format \"vlm\"; did you mean \"vllm\"?\n");
  const io::Json list = io::parse_json(run("import --list --format json").out, "list");
  EXPECT_GE(list.array_at("formats").size(), 30u);
}

TEST_F(Import, ReadsStandardInputAndWritesJson) {
  const Outcome outcome = run("import nvidia-smi - --set batch=8 --format json <smi.csv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const io::Json rows = io::parse_json(outcome.out, "rows");
  EXPECT_EQ(rows.items().at(0).number("total_energy_j"), 200);
}

TEST_F(Import, ResultAndLogMayBeOfDifferentZones) {
  write(
      "local.csv",
      "timestamp, index, power.draw [W]\n2024/03/31 14:00:00.0, 0, 100 W\n2024/03/31 14:00:02.0, 0, 100 W\n");
  const Outcome one_flag = run("import vllm run.json --energy local.csv --set gpu=Toy --utc-offset-h 2");
  EXPECT_EQ(one_flag.code, 2);
  EXPECT_THAT(one_flag.err,
              HasSubstr("local.csv: the log does not cover the run if its \"date\" is 2 h ahead"));
  for (const char* flags : {"--log-utc-offset-h 2", "--utc-offset-h 2 --date-utc-offset-h 0"}) {
    const Outcome outcome =
        run("import vllm run.json --energy local.csv --set gpu=Toy --format json " + std::string(flags));
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(io::parse_json(outcome.out, "rows").items().at(0).number("avg_power_w"), 100);
  }
}

TEST_F(Import, MisuseAndBadInputAreOneLineAndWriteNothing) {
  for (
      const auto& [arguments, message] : std::initializer_list<std::pair<std::string, std::string>>{
          {"import", "energylens: error: FILE is required"},
          {"import vllm", "energylens: error: FILE is required"},
          {"import vlm run.json", "energylens: error: unknown format \"vlm\"; did you mean \"vllm\"?"},
          {"import nvidia-smi smi.csv --energy x",
           "energylens: error: --energy is not supported for format nvidia-smi"},
          {"import nvidia-smi smi.csv --set batch=1 --begin 1711886402 --end 1711886400",
           "energylens: error: smi.csv: the window ends before it begins: it is from 2024-03-31 12:00:02 to 2024-03-31 12:00:00 UTC"},
          {"import nvidia-smi smi.csv --set batch",
           "energylens: error: --set: expected COLUMN=VALUE, not \"batch\""},
          {"import nvidia-smi smi.csv --set batsch=1",
           "energylens: error: unknown column \"batsch\"; did you mean \"batch\"?"},
          {"import mlenergy run.json",
           "energylens: error: run.json: this looks like a result of vllm bench serve; it is read by energylens import vllm"},
          {"import mlenergy other.json", "other.json:1:1: error: \"task\" is missing"},
          {"import nvidia-smi smi.csv",
           "energylens: error: smi.csv: the number of requests that run at once is missing; add it with --set batch=N"}}) {
    const Outcome outcome = run(arguments + " -o rows.csv");
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_EQ(outcome.err, message + "\n");
  }
  EXPECT_FALSE(exists("rows.csv"));
}

}  // namespace
}  // namespace energylens::cli
