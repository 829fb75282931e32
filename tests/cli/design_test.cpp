// SPDX-License-Identifier: Apache-2.0
// `design`, asked as a user would.
#include <gmock/gmock.h>

#include <set>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Design : public ProgramTest {
 protected:
  Design() { write("data.csv", good_table()); }

  Json json(const std::string& flags) const {
    const Outcome outcome = run("design " + flags + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, flags);
  }
  static constexpr const char* kMachine =
      "--model Llama-3.1-70B --gpu H100-80GB-SXM --quant fp16 --isl 512 --osl 128,512 ";
};

TEST_F(Design, WithRowsPicksWhatWasNotMeasured) {
  const Json design = json("data.csv --batch 1,2,4,8,16,32,64 -n 5");
  EXPECT_EQ(design.text("strategy"), "sequential");
  EXPECT_FALSE(design.boolean("spread_instead"));
  EXPECT_EQ(design.text("cost_source"), "measured rows");
  EXPECT_EQ(design.integer("candidates"), 18);
  EXPECT_LE(design.number("regret_after"), design.number("regret_before"));
  ASSERT_EQ(design.array_at("measurements").size(), 5u);
  double sum = 0;
  for (const Json& one : design.array_at("measurements")) {
    const double batch = one.number("batch");
    EXPECT_TRUE(batch == 2 || batch == 8 || batch == 32) << batch;
    sum += one.number("cost_s");
  }
  EXPECT_NEAR(design.number("total_cost_s"), sum, 1e-9 * sum);
}

TEST_F(Design, RepeatsAreForWhoAsks) {
  EXPECT_EQ(
      run("design data.csv").err,
      "energylens: error: every configuration in this grid has been measured; add values with --batch, --isl, --osl or --layouts, or use --repeats\n");
  EXPECT_EQ(json("data.csv --repeats -n 3 --strategy d-optimal").array_at("measurements").size(), 3u);
}

TEST_F(Design, WithoutRowsSpreadsAndAsksTheSimulatorForSeconds) {
  const std::string ask = std::string(kMachine) + "--total-gpus 8 --batch 1,16,256 -n 7";
  const Json design = json(ask);
  EXPECT_TRUE(design.boolean("spread_instead"));
  EXPECT_EQ(design.text("cost_source"), "simulator");
  EXPECT_GT(design.number("total_cost_s"), 0);
  EXPECT_TRUE(design.at("regret_before").is_null());
  EXPECT_THAT(run("design " + ask).err,
              HasSubstr("sequential requires 8 measured rows; using spread instead"));
}

TEST_F(Design, AnUnknownMachineHasNoSeconds) {
  const std::string ask = "--model toy --layouts tp1,tp2 --batch 1,8 --isl 32 --osl 64 --strategy spread";
  EXPECT_TRUE(json(ask).at("total_cost_s").is_null());
  EXPECT_TRUE(json(ask).at("cost_source").is_null());
  const Outcome outcome = run("design " + ask + " --budget-s 10");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "energylens: error: --budget-s: the duration of some of these measurements is unknown\n");
}

TEST_F(Design, TheBudgetEndsTheList) {
  const std::string ask = "data.csv --batch 2,8,32 -n 9 --strategy spread";
  const std::vector<Json> all = json(ask).array_at("measurements");
  const double two = all[0].number("cost_s") + all[1].number("cost_s");
  const Json cut = json(ask + " --budget-s " + std::to_string(two + 1e-3));
  EXPECT_EQ(cut.array_at("measurements").size(), 2u);
  EXPECT_NEAR(cut.number("total_cost_s"), two, 1e-6);
  EXPECT_THAT(run("design " + ask + " --budget-s 0.0001").err,
              HasSubstr("the first measurement alone takes longer than --budget-s"));
}

TEST_F(Design, TheCsvIsATableToFillIn) {
  const Outcome plan =
      run(std::string("design ") + kMachine + "--layouts tp8,tp4pp2 --batch 4 --format csv > plan.csv");
  EXPECT_EQ(plan.code, 0) << plan.err;
  const std::string text = read("plan.csv");
  EXPECT_THAT(text,
              StartsWith("model,gpu,quant,num_gpus,tp,pp,dp,ep,row_kind,batch,isl,osl,prefill_energy_j,"));
  EXPECT_THAT(text, HasSubstr("\nLlama-3.1-70B,H100-80GB-SXM,fp16,8,4,2,1,1,job,4,512,128,,,"));
  const Outcome check = run("table check plan.csv");
  EXPECT_EQ(check.code, 0) << check.err;
  EXPECT_THAT(check.err, HasSubstr("4 rows with neither an energy nor a time"));
}

TEST_F(Design, ServersArePlannedByTheirLimit) {
  const Outcome plan = run(std::string("design ") + kMachine +
                           "--row-kind steady --layouts tp8 --batch 32 --strategy spread --format csv");
  EXPECT_THAT(plan.out, HasSubstr(",row_kind,batch,concurrency,max_batch,isl,osl,"));
  EXPECT_THAT(plan.out, HasSubstr(",steady,,32,32,512,128,"));
}

TEST_F(Design, TheWorkloadLimitsWhatIsPicked) {
  const Json design = json("data.csv --batch 2,8,32 --workload batch=7..40 --workload osl=64 -n 4");
  EXPECT_EQ(design.integer("questions"), 2);
  for (const Json& one : design.array_at("measurements")) EXPECT_GE(one.number("batch"), 8);
  EXPECT_EQ(json("data.csv --batch 2,8 --workload batch=3,5,7 -n 4").integer("questions"), 6);
}

TEST_F(Design, TheTableIsForPeople) {
  const std::string text = run("design data.csv --batch 2,8 -n 3").out;
  EXPECT_THAT(text, StartsWith("#  layout  batch  isl  osl  seconds\n1  tp"));
  EXPECT_THAT(text,
              HasSubstr("3 of 12 configurations selected by sequential for a workload of 4 scenarios\n"));
  EXPECT_THAT(text, HasSubstr("expected mean regret of choices: "));
}

struct Misuse {
  std::string arguments, message;
};
class DesignMisuse : public Design, public ::testing::WithParamInterface<Misuse> {};

TEST_P(DesignMisuse, IsOneLineAndExitCode2) {
  const Outcome outcome = run("design " + GetParam().arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err, "energylens: error: " + GetParam().message + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    All, DesignMisuse,
    ::testing::Values(
        Misuse{"--batch 3", "specify the layouts to measure with --layouts or --total-gpus"},
        Misuse{"--layouts tp8 --isl 3 --osl 3", "specify the values to measure with --batch"},
        Misuse{"--layouts tp8 --batch 3 --osl 3", "specify the values to measure with --isl"},
        Misuse{"--layouts tp8 --total-gpus 4", "specify either --layouts or --total-gpus, not both"},
        Misuse{
            "--total-gpus 4 --batch 3",
            "cannot decide which layouts fit: the size of the weights or of the GPU memory is unknown; specify --layouts, or --weights-gb and --gpu-memory-gb"},
        Misuse{"data.csv --gpu x", "--model, --gpu, --quant and --kv-dtype cannot be combined with DATA"},
        Misuse{"--where gpu=x --layouts tp8", "--where requires DATA"},
        Misuse{"data.csv --workload bach=3",
               "--workload: \"bach=3\" is not a list or range such as batch=8,16 or osl=128..512"},
        Misuse{"data.csv --workload batch=7..8,3",
               "--workload: \"batch=7..8,3\" is not a list or range such as batch=8,16 or osl=128..512"},
        Misuse{"data.csv --workload batch=600..700",
               "--workload batch=600..700: no grid value is in this range"},
        Misuse{"data.csv --strategy spred",
               "--strategy: \"spred\" is not one of random, spread, d-optimal, i-optimal, sequential"}));

TEST_F(Design, IsForOneGroup) {
  std::string second = good_table();
  for (std::size_t at = 0; (at = second.find("toy-gpu", at)) != std::string::npos;)
    second.replace(at, 7, "new-gpu");
  write("more.csv", second);
  EXPECT_THAT(run("design data.csv more.csv").err,
              StartsWith("energylens: error: DATA contains several groups; select one with --where: "));
}

TEST_F(Design, EvaluateRevealsRowsToIt) {
  const std::string ask = "evaluate data.csv --train 12 --seeds 2 --predictors law --format json ";
  const Json report = io::parse_json(run(ask + "--sampling sequential").out, ask);
  EXPECT_EQ(report.text("sampling"), "sequential");
  EXPECT_EQ(report.array_at("groups")[0].integer("train_used"), 12);
  EXPECT_EQ(run(ask + "--sampling random").out, run(ask).out);
  EXPECT_EQ(
      run("evaluate data.csv --protocol loo --sampling spread").err,
      "energylens: error: --sampling does not apply to protocol loo; it applies to selection, learning-curve\n");
}

TEST_F(Design, CtrlCEndsAnEvaluationByDesigns) {
  const Outcome outcome = shell(
      "\"$ENERGYLENS\" evaluate data.csv --train 12 --seeds 100000 --sampling sequential --predictors law "
      "--format json "
      ">report.json & pid=$!; sleep 1; kill -INT $pid; wait $pid; echo $? >code");
  EXPECT_EQ(read("code"), "130\n") << outcome.err;
  EXPECT_TRUE(io::parse_json(read("report.json"), "report.json").boolean("cancelled"));
}

}  // namespace
}  // namespace energylens::cli
