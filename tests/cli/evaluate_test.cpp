// SPDX-License-Identifier: Apache-2.0
// Every protocol of `evaluate`, asked as a user would.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Evaluate : public ProgramTest {
 protected:
  Evaluate() { write("data.csv", good_table()); }

  Json json(const std::string& flags) const {
    const Outcome outcome = run("evaluate data.csv --format json --predictors law,majority " + flags);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return io::parse_json(outcome.out, flags);
  }
};

TEST_F(Evaluate, BlockedHoldsOutRanges) {
  const Json report = json("--train 9 --seeds 2 --blocked batch");
  EXPECT_EQ(report.text("blocked"), "batch");
  EXPECT_EQ(report.array_at("groups")[0].integer("n_scenarios"), 8);
  EXPECT_GE(report.at("overall").at("law").number("top1"), 0);
  EXPECT_NE(report.at("overall").at("law").at("by_layout").find("tp2"), nullptr);
}

TEST_F(Evaluate, OneLayoutIsToldThatChoosingNeedsTwo) {
  const std::string ask = "evaluate data.csv --predictors law --seeds 1";
  EXPECT_EQ(run(ask).err, "");
  for (const std::string protocol : {"", " --protocol learning-curve"}) {
    const Outcome one = run(ask + " --where layout=tp1" + protocol);
    EXPECT_EQ(one.code, 2) << "nothing was evaluated";
    EXPECT_THAT(one.err, HasSubstr("no group has two layouts measured at the same batch")) << protocol;
    EXPECT_THAT(one.err, HasSubstr("--protocol loo")) << protocol;
  }
  EXPECT_EQ(run("evaluate data.csv --predictors law --where layout=tp1 --protocol loo").err, "");
}

TEST_F(Evaluate, FewerRowsThanAskedForAreToldOf) {
  const std::string ask = "evaluate data.csv --predictors majority --seeds 3 --train ";
  EXPECT_EQ(run(ask + "12").err, "");
  EXPECT_EQ(run(ask + "500").err,
            "energylens: warning: --train 500: toy-model, toy-gpu, fp16 has only 15 training rows\n");
}

TEST_F(Evaluate, LearningCurveHasOneReportPerSize) {
  const Json curve = json("--protocol learning-curve --train-sizes 6,12 --seeds 2 --compare law,loglinear");
  EXPECT_EQ(curve.text("protocol"), "learning-curve");
  const std::vector<Json>& reports = curve.array_at("reports");
  ASSERT_EQ(reports.size(), 2u);
  EXPECT_EQ(reports[1].integer("train"), 12);
  EXPECT_GE(reports[1].at("overall").at("loglinear").number("mape"), 0) << "compared, so it takes part";
  const Json& comparison = reports[1].array_at("comparisons")[0];
  EXPECT_LE(comparison.at("mape").number("lo"), comparison.at("mape").number("hi"));
}

TEST_F(Evaluate, ExtrapolateSaysItsCut) {
  const Json batch = json("--protocol extrapolate --axis batch --seeds 2");
  EXPECT_EQ(batch.array_at("groups")[0].number("cut"), 4);
  EXPECT_EQ(
      json("--protocol extrapolate --axis batch --cut 16 --seeds 2").array_at("groups")[0].number("cut"), 16);
  const Json layout = json("--protocol extrapolate --axis layout --seeds 2");
  EXPECT_EQ(layout.at("overall").at("law").at("by_layout").at("tp1").integer("n_rows"), 16);
  EXPECT_TRUE(layout.at("overall").at("law").at("top1").is_null());
}

TEST_F(Evaluate, LimitedPicksUnderLimits) {
  std::string rows;
  for (const char* tp : {"1", "2"}) {
    for (const int batch : {1, 4, 16, 64}) {
      const double tpot = (0.02 + 0.0004 * batch) / (tp[0] - '0'),
                   energy = (30.0 + batch) * (tp[0] - '0') / batch;
      rows += "toy,toy-gpu," + std::string(tp) + ",steady," + std::to_string(batch) + ',' +
              std::to_string(batch) + ",100," + std::to_string(energy) + ',' + std::to_string(tpot) + '\n';
    }
  }
  write("data.csv", "model,gpu,tp,row_kind,batch,max_batch,osl,energy_per_out_token_j,tpot_s\n" + rows);
  const Json measured = json("--protocol limited --tpot 15,25,50 --seeds 2");
  EXPECT_EQ(measured.array_at("groups")[0].integer("n_questions"), 3);
  EXPECT_EQ(measured.at("overall").at("law").number("breach_rate"), 0);
  EXPECT_GE(measured.at("overall").at("majority").number("top1"), 0);
  const Json predicted =
      json("--protocol limited --tpot 15,25,50 --latency predicted --breach-risk 0.2 --seeds 2");
  EXPECT_EQ(predicted.number("breach_risk"), 0.2);
  EXPECT_GE(predicted.at("overall").at("law").number("breach_rate"), 0);
  EXPECT_GE(predicted.at("overall").at("law").number("tpot_mape"), 0);
}

TEST_F(Evaluate, TransferComesWithAndWithoutSources) {
  std::string second = good_table();
  for (std::size_t at = 0; (at = second.find("toy-gpu", at)) != std::string::npos;)
    second.replace(at, 7, "new-gpu");
  write("data.csv", good_table() + second.substr(second.find('\n') + 1));
  const Json report =
      json("--protocol transfer --source gpu=toy-gpu --target gpu=new-gpu --train-sizes 0,9 --seeds 2");
  const std::vector<Json>& reports = report.array_at("reports");
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_TRUE(reports[1].boolean("with_sources"));
  EXPECT_FALSE(reports[2].boolean("with_sources"));
  EXPECT_EQ(reports[2].array_at("groups").size(), 1u);
  EXPECT_EQ(reports[2].array_at("groups")[0].at("group").text("gpu"), "new-gpu");
}

TEST_F(Evaluate, EveryFormatTellsSeveralReportsApart) {
  const std::string ask =
      "evaluate data.csv --protocol learning-curve --train-sizes 6,12 --seeds 2 --predictors law";
  EXPECT_THAT(run(ask + " --format csv").out, StartsWith("train,group,n_scenarios,"));
  EXPECT_THAT(run(ask).out, HasSubstr("== 12 training rows ==\n"));
}

TEST_F(Evaluate, CtrlCLeavesEveryReportThatWasBegun) {
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" evaluate data.csv --protocol learning-curve --train-sizes 6,12 --seeds 100000 "
      "--predictors "
      "law --format json >report.json & pid=$!; sleep 1; kill -INT $pid; wait $pid; echo $? >code");
  EXPECT_EQ(read("code"), "130\n") << outcome.err;
  const Json report = io::parse_json(read("report.json"), "report.json");
  EXPECT_TRUE(report.boolean("cancelled"));
  EXPECT_EQ(report.array_at("reports").size(), 2u);
}

}  // namespace
}  // namespace energylens::cli
