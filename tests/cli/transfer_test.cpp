// SPDX-License-Identifier: Apache-2.0
// A fitted model is moved to another GPU, and what comes out is a model like any other; bad questions are one
// sentence.
#include <gmock/gmock.h>

#include <algorithm>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::Not;

/// `good_table` with a model and a GPU that the catalogue knows.
std::string on(const std::string& gpu, const std::string& quant = "fp16") {
  std::string text = good_table();
  const auto replace_all = [&](const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  };
  replace_all("toy-model,toy-gpu,fp16", "Llama-3-8B," + gpu + ',' + quant);
  return text;
}

class TransferVerb : public ProgramTest {
 protected:
  TransferVerb() {
    write("known.csv", on("A100-80GB-SXM"));
    write("rows.csv", on("H100-80GB-SXM"));
    EXPECT_EQ(run("fit known.csv -o model.json").code, 0);
  }

  Json json(const std::string& arguments) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }

  void expect_refused(const std::string& arguments, const std::string& message) {
    const Outcome outcome = run("transfer " + arguments + " -o refused.json");
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_FALSE(exists("refused.json"));
  }
};

TEST_F(TransferVerb, WithoutRowsWritesAModelThatPredictsAndChooses) {
  const Json report = json("transfer model.json --to gpu=H100-80GB-SXM -o moved.json");
  EXPECT_EQ(report.at("group").text("gpu"), "H100-80GB-SXM");
  const Json& prior = report.at("energy").at("prior");
  EXPECT_EQ(prior.number("weight"), 1);
  EXPECT_NEAR(prior.array_at("sources").at(0).array_at("ratios").at(0).number("ratio"),
              700.0 / 400 * 2039 / 3350, 1e-9);
  EXPECT_THAT(report.array_at("figures").at(3).text("source"), HasSubstr("h100"));
  const Json said = json("predict moved.json --layout tp2 --batch 8 --isl 512 --osl 128");
  const Json before = json("predict model.json --layout tp2 --batch 8 --isl 512 --osl 128");
  EXPECT_GT(said.number("total_energy_j_hi") / said.number("total_energy_j_lo"),
            before.number("total_energy_j_hi") / before.number("total_energy_j_lo"));
  EXPECT_EQ(run("choose moved.json --batch 8 --isl 512 --osl 128 --total-gpus 4").code, 0);
}

TEST_F(TransferVerb, WhereIsAnotherNameOfFromWhereThereAreNoRows) {
  std::string other = on("RTX4090");
  other.erase(0, other.find('\n') + 1);
  write("both.csv", read("known.csv") + other);
  ASSERT_EQ(run("fit both.csv -o model.json").code, 0);
  const std::string ask = "transfer model.json --to gpu=H100-80GB-SXM ";
  const Json from = json(ask + "--from gpu=RTX4090");
  EXPECT_EQ(from.at("energy").at("prior").array_at("sources").size(), 1u);
  EXPECT_EQ(json(ask + "--where gpu=RTX4090"), from);
  EXPECT_NE(json(ask), from);
  expect_refused("model.json --to gpu=H100-80GB-SXM --where gpu=none", "no group of the model matches");
  // With rows it goes on to narrow them, and all groups are sources.
  const Json rows = json("transfer model.json rows.csv --to gpu=H100-80GB-SXM --where layout=tp1");
  EXPECT_EQ(rows.at("energy").at("prior").array_at("sources").size(), 2u);
}

TEST_F(TransferVerb, RowsOfTheTargetNarrowIt) {
  const std::string question = " --layout tp2 --batch 8 --isl 512 --osl 128";
  json("transfer model.json --to gpu=H100-80GB-SXM -o none.json");
  const Json report = json("transfer model.json rows.csv --to gpu=H100-80GB-SXM -o some.json");
  EXPECT_EQ(report.at("energy").number("rows"), 24);
  const Json none = json("predict none.json" + question), some = json("predict some.json" + question);
  EXPECT_LT(some.number("total_energy_j_hi") / some.number("total_energy_j_lo"),
            none.number("total_energy_j_hi") / none.number("total_energy_j_lo"));
}

TEST_F(TransferVerb, FiguresMayComeByFlagsAndMissingOnesAreWarnedOf) {
  const Outcome outcome =
      run("transfer model.json --to gpu=X100 --gpu-bandwidth-gb-s 4000 --gpu-tdp-w 800 -o moved.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("the peak operations of"));
  EXPECT_THAT(outcome.out, HasSubstr("options or table"));
}

TEST_F(TransferVerb, BadQuestionsAreRefusedInOneSentence) {
  expect_refused("model.json", "specify the target with --to");
  expect_refused("model.json --to gpu=X100", "set --gpu-bandwidth-gb-s and --gpu-tdp-w");
  expect_refused("model.json --to quant=strange", "set --weights-gb");
  expect_refused("model.json --to gpus=H200", "did you mean \"gpu\"?");
  expect_refused("model.json --to 'gpu!=H200'", "--to: expected COL=VALUE");
  expect_refused("model.json --to gpu=H100-80GB-SXM --from gpu=H200", "no group of the model matches");
  expect_refused("model.json known.csv --to gpu=H100-80GB-SXM",
                 "known.csv:2: error: rows of Llama-3-8B, A100-80GB-SXM");
  expect_refused("model.json rows.csv --to gpu=H100-80GB-SXM --to quant=fp8", "quant is fp16, not fp8");
  expect_refused("none.json --to gpu=H200", "none.json");
}

TEST_F(TransferVerb, RowsMayNameTheGpuByAnyNameOfTheCatalogue) {
  write("alias.csv", on("NVIDIA H100 80GB HBM3"));
  EXPECT_EQ(json("transfer model.json alias.csv --to gpu=H100-80GB-SXM").at("energy").number("rows"), 24);
}

TEST_F(TransferVerb, ChooseKnowsTheFiguresThatFlagsGave) {
  ASSERT_EQ(run("transfer model.json --to gpu=X100 --gpu-bandwidth-gb-s 4000 --gpu-tdp-w 800 --gpu-memory-gb "
                "96 -o x.json")
                .code,
            0);
  const Outcome outcome = run("choose x.json --batch 8 --isl 512 --osl 128 --total-gpus 4");
  EXPECT_THAT(outcome.err, Not(HasSubstr("memory size of")));
}

TEST_F(TransferVerb, RowsThatDoNotStateAColumnMayBeOfTheTarget) {
  std::string with_role = on("A100-80GB-SXM"), without = on("H100-80GB-SXM");
  for (std::size_t at = 0;
       (at = with_role.find('\n', at)) != std::string::npos && at + 1 < with_role.size();) {
    with_role.insert(at + 1, "aggregated,");
    at += 2;
  }
  write("known.csv", "role," + with_role);
  write("rows.csv", without);
  ASSERT_EQ(run("fit known.csv -o model.json").code, 0);
  EXPECT_EQ(json("transfer model.json rows.csv --to gpu=H100-80GB-SXM").at("energy").number("rows"), 24);
  const Outcome itself = run("transfer model.json --to gpu=A100-80GB-SXM");
  EXPECT_THAT(itself.err, HasSubstr("the target is also a source"));
}

TEST_F(TransferVerb, SourcesThatDifferMustBeNarrowedOrTold) {
  write("two.csv", on("A100-80GB-SXM") + on("A100-80GB-SXM", "fp8").substr(on("").find('\n') + 1));
  ASSERT_EQ(run("fit two.csv -o two.json").code, 0);
  expect_refused("two.json --to gpu=H100-80GB-SXM",
                 "the source groups differ in quant; set --to quant=VALUE");
  const Json both = json("transfer two.json --to gpu=H100-80GB-SXM --to quant=fp8");
  EXPECT_EQ(both.array_at("sources").size(), 2u);
  const Json one = json("transfer two.json --from quant=fp16 --to gpu=H100-80GB-SXM");
  EXPECT_EQ(one.array_at("sources").size(), 1u);
}

}  // namespace
}  // namespace energylens::cli
