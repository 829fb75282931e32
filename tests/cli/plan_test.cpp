// SPDX-License-Identifier: Apache-2.0
// `plan` on simulated rows of two quantisations, which are two pools.
#include <gmock/gmock.h>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class PlanVerb : public ProgramTest {
 protected:
  PlanVerb() {
    for (const std::string quant : {"fp16", "fp8"}) {
      const Outcome made = shell("\"$ENERGYLENS\" simulate --layouts tp2,tp4 --quant " + quant +
                                 " --batch 1,8,32 --isl 256,1024 --osl 128,512 -o " + quant +
                                 ".csv && \"$ENERGYLENS\" fit " + quant + ".csv -o " + quant + ".json");
      EXPECT_EQ(made.code, 0) << made.err;
    }
  }
  std::string fleet(const std::string& rates, int gpus = 16, const std::string& more = "") {
    return write("fleet.json", R"({"pools": [
  {"name": "half", "model": "fp16.json", "gpus": )" +
                                   std::to_string(gpus) + R"(, "layouts": ["tp2", "tp4"]},
  {"name": "quarter", "model": "fp8.json", "gpus": 2, "layouts": ["tp2"]}],
 "classes": [{"name": "chat", "isl": 512, "osl": 256, "tpot_ms": 60, "rate_rps": )" +
                                   rates + "}]" + more + "}");
  }
};

TEST_F(PlanVerb, EveryHourServesItsRate) {
  fleet("[1, 15, 4]");
  const Outcome outcome = run("plan fleet.json --quiet --format json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json plan = io::parse_json(outcome.out, "plan");
  ASSERT_EQ(plan.array_at("hours").size(), 3u);
  const double rates[] = {1, 15, 4};
  for (const Json& hour : plan.array_at("hours")) {
    double served = 0, gpus = 0;
    for (const Json& one : hour.array_at("assignments")) {
      served += one.number("rate_rps");
      gpus += one.number("num_gpus");
    }
    EXPECT_NEAR(served, rates[hour.integer("hour")], 1e-6);
    EXPECT_EQ(gpus, hour.number("gpus_used"));
  }
  EXPECT_EQ(plan.at("total").number("unserved_requests"), 0);
  EXPECT_TRUE(plan.at("total").at("total_cost").is_null()) << "no price";
  for (const Json& rule : plan.array_at("rules")) {
    if (rule.at("total").number("unserved_requests") > 0) continue;
    EXPECT_GE(rule.at("total").number("energy_kwh"), plan.at("total").number("energy_kwh") * (1 - 2e-3));
  }
}

TEST_F(PlanVerb, DemandAboveCapacityIsCodeFourAndSaysWhatIsMissing) {
  fleet("500", 2);
  const Outcome outcome = run("plan fleet.json --quiet --format csv -o plan.csv");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("class \"chat\": up to "));
  EXPECT_THAT(outcome.err, HasSubstr(" more GPUs of \""));
  EXPECT_THAT(read("plan.csv"), StartsWith("hour,class,pool,layout,power_limit_w,replicas,"));
}

TEST_F(PlanVerb, MistakesAreOneLine) {
  fleet("[1, 2]", 16, R"(, "price_per_kwh": [1, 2, 3])");
  Outcome outcome = run("plan fleet.json");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              StartsWith("fleet.json:1:1: error: lists with one value per hour differ in length"));
  fleet("1");
  outcome = run("plan fleet.json --objective carbon");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("minimising carbon requires carbon_g_per_kwh"));
  EXPECT_EQ(run("plan fleet.json -o fleet.json").code, 2) << "the input stays";
  outcome = shell("PATH=/nowhere \"$ENERGYLENS\" plan fleet.json --quiet");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("install the package coinor-cbc"));
}

}  // namespace
}  // namespace energylens::cli
