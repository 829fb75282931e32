// SPDX-License-Identifier: Apache-2.0
// `profile` with a child of JSON lines instead of a server: one that only sleeps, and the one for PyTorch.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/table/table.hpp"

namespace energylens::campaign {
namespace {

using cli::Outcome;
using testing::HasSubstr;

class Exec : public cli::ProgramTest {
 protected:
  void plan(const std::string& configuration, const std::string& more = "") {
    write(
        "plan.json",
        R"({"driver": "exec", "identity": {"gpu": "none"}, "configurations": [)" + configuration +
            R"(], "repeats": 1, "width": 0, "warmup": 0, "settle_s": 0, "idle_s": 0, "window_s": 0.3, "max_failures": 1)" +
            more + "}");
  }
  Outcome profile(const std::string& child, const std::string& flags = "") const {
    return shell("\"$ENERGYLENS\" profile plan.json -o out --meter nvml='" ENERGYLENS_FAKE_NVML
                 "' --period-s 0.01 --serve-cmd \"" +
                 child + "\" " + flags);
  }
  Outcome fake(const std::string& fault = "", const std::string& flags = "") const {
    return shell("export FAULT=" + fault +
                 "; \"$ENERGYLENS\" profile plan.json -o out --meter nvml='" ENERGYLENS_FAKE_NVML
                 "' --period-s 0.01 --serve-cmd \"/usr/bin/python3 '" ENERGYLENS_FAKE_CHILD "'\" " +
                 flags);
  }
};
const std::string kOne = R"({"model": "m", "layout": "tp1", "batch": 3, "isl": 16, "osl": 51})";

TEST_F(Exec, PrefillAndDecodeAreMeasuredApart) {
  plan(kOne);
  const Outcome outcome = fake();
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const table::Table table = table::parse_csv(read("out/rows.csv"), "rows");
  using enum table::Column;
  const auto at = [&](table::Column column) { return table.numbers(column)[0]; };
  EXPECT_GE(at(prefill_time_s), 0.02);
  EXPECT_GE(at(decode_time_s), 0.09) << "0.1 s, less what the prefill of other jobs took longer";
  EXPECT_NEAR(at(avg_power_w), 300, 30) << "the meter's one GPU";
  EXPECT_DOUBLE_EQ(at(prefill_energy_j) + at(decode_energy_j), at(total_energy_j));
  EXPECT_EQ(at(simulated), 1) << "the child says so";
  EXPECT_EQ(table.text(engine_version, 0), "fake-1");
  EXPECT_EQ(table.text(arch, 0), "moe") << "what the child says of its model";
  EXPECT_EQ(at(params_b), 7);
  EXPECT_FALSE(table.has(active_params_b)) << "a text is no number";
  EXPECT_THAT(read("out/logs/server_tp1_m.log"), HasSubstr("loading m"));
}

TEST_F(Exec, ALogThatIsPlayedMakesRowsThatSayTheyAreNotOfThisRun) {
  plan(kOne);
  std::string log = "timestamp, uuid, power.draw.instant [W]\n";
  for (int i = 10; i < 60; ++i) log += "2024/03/31 16:48:" + std::to_string(i) + ".000, GPU-a, 250.00 W\n";
  write("smi.csv", log);
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" profile plan.json -o out --meter nvidia-smi=smi.csv --period-s 0.01 --serve-cmd "
      "\"/usr/bin/python3 '" ENERGYLENS_FAKE_CHILD "'\"");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const table::Table table = table::parse_csv(read("out/rows.csv"), "rows");
  EXPECT_THAT(table.text(table::Column::notes, 0),
              HasSubstr("energy not of this run: a recording of 2024-03-31 16:48:1"));
  EXPECT_EQ(table.numbers(table::Column::simulated)[0], 1);
  EXPECT_THAT(read("out/journal.jsonl"), HasSubstr("\"not_of_run\":\"a recording of "));
}

struct Fault {
  std::string name, message;
};
class ExecFault : public Exec, public testing::WithParamInterface<Fault> {};

TEST_P(ExecFault, IsAReason) {
  plan(kOne, ", \"request_timeout_s\": 1, \"stop_timeout_s\": 0.2");
  const Outcome outcome = fake(GetParam().name);
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, ExecFault,
    testing::Values(Fault{"refuse", "the child reports: no memory"},
                    Fault{"garbage", "the child's response \"{{{\" cannot be read"},
                    Fault{"uncounted", "the child does not report how many \"tokens\" it decoded"},
                    Fault{"twice", "the child sent an unexpected line: \"{"},
                    Fault{"die", "the child ended with exit code 11: segmentation fault, they say"},
                    Fault{"few", "the child decoded 149 tokens where 150 were requested"},
                    Fault{"hang", "the child did not answer \"decode\" within 1 s"}));

TEST_F(Exec, ImagesAreRefused) {
  plan(kOne, R"(, "images": {"count": 1, "width": 8, "height": 8})");
  const Outcome outcome = fake();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("\"images\" require the http driver"));
}

TEST_F(Exec, SteadyLoadsAreRefused) {
  plan(R"({"layout": "tp1", "row_kind": "steady", "batch": 3, "isl": 16, "osl": 51})");
  const Outcome outcome = fake();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("steady"));
}

TEST_F(Exec, WithoutPyTorchTheChildSaysSo) {
  plan(R"({"model": "tiny-dense", "layout": "tp1", "batch": 1, "isl": 16, "osl": 4})");
  // -S leaves out the folders in which packages are installed.
  const Outcome outcome = profile("/usr/bin/python3 -S '" ENERGYLENS_CHILD "/energylens_torch_child.py'");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("PyTorch is not installed"));
}

class TorchChild : public Exec, public testing::WithParamInterface<std::string> {};

TEST_P(TorchChild, RunsEveryKindOfModel) {
  if (shell("/usr/bin/python3 -c 'import torch'").code != 0) GTEST_SKIP() << "PyTorch is not installed";
  const std::string images = GetParam() == "tiny-vlm" ? ", \"image_tokens\": 16" : "";
  plan(R"({"model": ")" + GetParam() +
       R"(", "quant": "fp32", "layout": "tp1", "batch": 2, "isl": 24, "osl": 5)" + images + "}");
  const Outcome outcome = profile("/usr/bin/python3 '" ENERGYLENS_CHILD "/energylens_torch_child.py'");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const table::Table table = table::parse_csv(read("out/rows.csv"), "rows");
  ASSERT_EQ(table.rows(), 1u);
  EXPECT_GT(table.numbers(table::Column::decode_energy_j)[0], 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, TorchChild,
                         testing::Values("tiny-dense", "tiny-moe", "tiny-ssm", "tiny-hybrid", "tiny-vlm"),
                         [](const auto& kind) { return kind.param.substr(5); });

}  // namespace
}  // namespace energylens::campaign
