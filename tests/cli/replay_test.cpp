// SPDX-License-Identifier: Apache-2.0
// choose and replay under real traffic, by the real program.
#include <gmock/gmock.h>

#include <string>

#include "cli/program.hpp"
#include "energylens/io/json.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using ::testing::HasSubstr;

class RealTraffic : public ProgramTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(
        run("simulate --layouts tp2,tp4,tp8 --batch 1,8,32 --isl 256,1024 --osl 128,512 -o rows.csv").code,
        0);
    ASSERT_EQ(run("fit rows.csv -o model.json").code, 0);
  }
  Json json(const std::string& arguments, int code = 0) {
    const Outcome outcome = run(arguments + " --format json");
    EXPECT_EQ(outcome.code, code) << outcome.err;
    return io::parse_json(outcome.out, arguments);
  }
  std::string trace(int requests) {
    std::string text = "arrival_s,isl,osl\n";
    for (int i = 0; i < requests; ++i)
      text += std::to_string(i / 2.0) + ',' + std::to_string(200 + i % 7 * 100) + ',' +
              std::to_string(10 + i % 5 * 40) + '\n';
    return write("trace.csv", text);
  }
};

constexpr const char* kChooseRate = "choose model.json --rate 2 --isl 512 --osl 256 --total-gpus 8 ";

TEST_F(RealTraffic, ChooseStatesPercentilesAndHeadroom) {
  const Json choice =
      json(std::string(kChooseRate) + "--ttft-p99 2000 --tpot-p95 60 --goodput 0.98 --osl-cv 0.5");
  const Json& best = choice.array_at("configurations").front();
  EXPECT_LE(best.number("ttft_p99_s"), 2);
  EXPECT_LE(best.number("tpot_p95_s"), 0.06);
  EXPECT_GE(best.number("goodput"), 0.98);
  EXPECT_GT(best.number("ttft_p99_s"), best.number("ttft_p50_s"));
  EXPECT_NEAR(best.number("utilisation"), 2 / best.number("saturation_rps"), 1e-9);
  EXPECT_GE(best.number("max_rate_rps"), 2);
  EXPECT_EQ(choice.at("question").text("arrivals"), "poisson");
  EXPECT_EQ(choice.at("question").array_at("percentile_limits").size(), 2U);
}

TEST_F(RealTraffic, ChooseRejectsByPercentiles) {
  const Outcome outcome = run(std::string(kChooseRate) + "--ttft-p99 5");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("TTFT p99 "));
}

TEST_F(RealTraffic, ChooseTakesRateAndTokensFromATrace) {
  const Json choice = json("choose model.json --arrivals trace:" + trace(400) + " --total-gpus 8");
  EXPECT_NEAR(choice.at("question").number("rate_rps"), 2, 1e-6);
  EXPECT_NEAR(choice.at("question").number("isl"), 500, 5);
  EXPECT_EQ(choice.array_at("configurations").front().integer("simulated_requests"), 400);
  const Outcome both = run("choose model.json --arrivals trace:trace.csv --isl 5 --osl 5 --total-gpus 8");
  EXPECT_EQ(both.code, 2);
  EXPECT_THAT(both.err, HasSubstr("leave out --isl"));
}

TEST_F(RealTraffic, LimitsOfPercentilesNeedARate) {
  const Outcome outcome =
      run("choose model.json --batch 4 --isl 512 --osl 256 --total-gpus 8 --ttft-p99 100");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("require --rate"));
}

TEST_F(RealTraffic, ReplayServesATrace) {
  const Json replay = json("replay model.json --layout tp4 --trace " + trace(400) + " --ttft 1000");
  EXPECT_EQ(replay.integer("requests"), 400);
  EXPECT_NEAR(replay.number("energy_per_request_j"),
              replay.number("busy_energy_per_request_j") + replay.number("idle_energy_per_request_j"), 1e-6);
  EXPECT_LE(replay.number("ttft_p50_s"), replay.number("ttft_p99_s"));
  EXPECT_GT(replay.number("goodput"), 0.5);
  const Json faster = json("replay model.json --layout tp4 --trace trace.csv --rate 20");
  EXPECT_LT(faster.number("simulated_s"), replay.number("simulated_s") / 5);
}

TEST_F(RealTraffic, ReplayIsTheSameForASeed) {
  const std::string question =
      "replay model.json --layout tp2dp2 --rate 3 --isl 512 --osl 256 --isl-cv 1 --period 600 ";
  const std::string once = run(question + "--threads 1 --format json").out;
  EXPECT_EQ(run(question + "--threads 3 --format json").out, once);
  EXPECT_NE(run(question + "--seed 1 --format json").out, once);
}

TEST_F(RealTraffic, ReplayKeepsClientsInFlight) {
  const Json replay =
      json("replay model.json --layout tp4 --concurrency 16 --isl 512 --osl 128 --period 600");
  EXPECT_NEAR(replay.number("in_flight"), 16, 0.5);
}

TEST_F(RealTraffic, ReplayNamesTheLineThatIsWrong) {
  write("unsorted.csv", "arrival_s,isl,osl\n3,100,10\n2,100,10\n");
  const Outcome outcome = run("replay model.json --layout tp4 --trace unsorted.csv");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "unsorted.csv:3: error: arrives 1 s before the request above it; sort the trace by time\n");
  EXPECT_TRUE(outcome.out.empty());
  write("long.csv", "arrival_s,isl,osl\n0,100,10\n1,200000,10\n");
  EXPECT_THAT(run("replay model.json --layout tp4 --trace long.csv").err,
              HasSubstr("long.csv:3: error: has 200,010 tokens"));
}

}  // namespace
}  // namespace energylens::cli
