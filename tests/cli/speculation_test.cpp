// SPDX-License-Identifier: Apache-2.0
// Speculative decoding as users ask about it: the verb, and the flags of predict.
#include <gmock/gmock.h>

#include <cmath>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;

/// A server's joules per output token at `clients`; with `accepted` tokens per step of four verified ones.
double joules(double clients, double accepted) {
  const double tokens = accepted > 1 ? 4 : 1,
               step = 30 + 4 * std::sqrt(tokens * clients) + 0.1 * tokens * clients;
  return (step / accepted + 0.2 * clients) / clients;
}

class Speculation : public ProgramTest {
 protected:
  Speculation() {
    std::string rows = "model,gpu,workload,row_kind,tp,batch,concurrency,isl,osl,energy_per_out_token_j\n";
    for (const double accepted : {1.0, 2.2}) {
      for (const int tp : {1, 2}) {
        for (const int clients : {1, 2, 4, 8, 16, 32, 64, 128}) {
          rows += "m,H100-80GB-SXM,chat" + std::string(accepted > 1 ? "+mtp" : "+nospec") + ",steady," +
                  std::to_string(tp) + ',' + std::to_string(clients) + ',' + std::to_string(clients) +
                  ",1000,500," + std::to_string(joules(clients, accepted) * (1 + 0.1 * tp)) + '\n';
        }
      }
    }
    write("rows.csv", rows);
  }
  Json json(const std::string& arguments) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
};

TEST_F(Speculation, AcceptanceFollowsFromPairs) {
  const Json answer = json("speculation rows.csv");
  EXPECT_EQ(answer.number("drafted_per_step"), 3);
  ASSERT_EQ(answer.array_at("groups").size(), 1u);
  EXPECT_EQ(answer.array_at("groups")[0].text("workload"), "chat+mtp");
  EXPECT_NEAR(answer.array_at("groups")[0].number("accepted_per_step"), 2.2, 0.4);
  const auto& loads = answer.array_at("by_requests");
  EXPECT_EQ(loads.back().number("pairs"), 16);
  EXPECT_EQ(loads.back().number("from"), 1);
  EXPECT_EQ(loads.back().number("to"), 128);
  EXPECT_LT(loads[0].number("measured_ratio"), loads.back().number("measured_ratio"));
}

TEST_F(Speculation, NeedsTwoGroups) {
  const Outcome outcome = run("speculation rows.csv --where workload=chat+nospec");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no two groups differ in speculative decoding alone"));
}

TEST_F(Speculation, PredictionsSayThatNoneWasMeasured) {
  ASSERT_EQ(run("fit rows.csv --where workload=chat+nospec -o plain.json").code, 0);
  const std::string asked =
      "predict plain.json --layout tp2 --batch 8 --isl 1000 --osl 500 --row-kind steady";
  const Json plain = json(asked), speculative = json(asked + " --accepted-per-step 2.2 --drafted-per-step 3"),
             fewer = json(asked + " --accepted-per-step 2.2 --drafted-per-step 2");
  EXPECT_LT(speculative.number("energy_per_out_token_j"), plain.number("energy_per_out_token_j"));
  EXPECT_LT(fewer.number("energy_per_out_token_j"), speculative.number("energy_per_out_token_j"));
  EXPECT_THAT(run(asked + " --accepted-per-step 2.2").err,
              HasSubstr("speculative decoding with a stated accepted_per_step was not measured"));
  EXPECT_EQ(speculative.at("question").number("drafted_per_step"), 3);
  EXPECT_EQ(run(asked + " --accepted-per-step 3.5 --drafted-per-step 2").code, 2);
}

}  // namespace
}  // namespace energylens::cli
