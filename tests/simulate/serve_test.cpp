// SPDX-License-Identifier: Apache-2.0
#include "simulate/serve.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "predictor/waves.hpp"

namespace energylens::simulate {
namespace {

const table::Layout kTp2{2, 1, 1, 1}, kTp8{8, 1, 1, 1}, kTp2Dp2{2, 1, 2, 1};

const System& llama() {
  static const System kSystem = find_system(Options(), hardware::Catalogue::builtin());
  return kSystem;
}

System system_of(const std::string& model) {
  Options options;
  options.model = model;
  return find_system(options, hardware::Catalogue::builtin());
}

// The twin's queue against the closed form of the wave rule, which predictors apply to the table's capacity.
RC_GTEST_PROP(Waves, OfTheTwinFollowTheWaveRule, ()) {
  const double isl = *rc::gen::inRange(1, 8000), osl = *rc::gen::inRange(1, 4000);
  const double capacity = kv_capacity_tokens(llama(), kTp2);
  const double at_once = predictor::requests_at_once(capacity, isl, osl);
  RC_ASSERT(held_at_once(llama(), kTp2, isl, osl) == at_once);
  if (at_once < 1) return;
  const double batch = *rc::gen::inRange(1, 200);
  const auto seconds = [&](double requests) {
    const JobOutcome job = run_job(llama(), kTp2, {requests, isl, osl, 0, 0});
    return job.prefill.seconds + job.decode.seconds;
  };
  const double full = std::floor(batch / at_once), rest = batch - full * at_once;
  const double expected = full * seconds(at_once) + (rest > 0 ? seconds(rest) : 0);
  RC_ASSERT(std::abs(seconds(batch) / expected - 1) < 1e-9);
}

TEST(Waves, TheFirstRequestTooManyCostsAWave) {
  const double at_once = held_at_once(llama(), kTp2, 512, 512);
  ASSERT_GE(at_once, 2);
  const auto job = [&](double batch) { return run_job(llama(), kTp2, {batch, 512, 512, 0, 0}); };
  EXPECT_GT(job(at_once + 1).decode.seconds, 1.8 * job(at_once).decode.seconds);
  EXPECT_LT(job(at_once).decode.seconds, 1.1 * job(at_once - 1).decode.seconds);
  EXPECT_GT(job(at_once + 1).ttft_s, job(at_once).ttft_s);  // the last one waits
}

TEST(Waves, MoreMemoryHoldsMore) {
  EXPECT_GT(kv_capacity_tokens(llama(), kTp8), 4 * kv_capacity_tokens(llama(), kTp2));
  EXPECT_FALSE(holds_model(llama(), {1, 1, 1, 1}));
  EXPECT_EQ(held_at_once(llama(), {1, 1, 1, 1}, 1, 1), 0);
}

TEST(Waves, StateTakesMemoryToo) {
  const System state_space = system_of("Mamba-2-2.7B");
  EXPECT_FALSE(known(kv_capacity_tokens(state_space, {1, 1, 1, 1})));
  const double held = held_at_once(state_space, {1, 1, 1, 1}, 1, 1);
  EXPECT_EQ(held, held_at_once(state_space, {1, 1, 1, 1}, 100000, 1));
  EXPECT_GT(held, 100);
  EXPECT_LT(held, 10000);
}

TEST(Replicas, ShareTheBatchAndAddTheirEnergy) {
  const JobOutcome one = run_job(llama(), kTp2, {8, 100, 100, 0, 0});
  const JobOutcome two = run_job(llama(), kTp2Dp2, {16, 100, 100, 0, 0});
  EXPECT_NEAR(two.decode.joules, 2 * one.decode.joules, 1e-6);
  EXPECT_EQ(two.decode.seconds, one.decode.seconds);
  EXPECT_DOUBLE_EQ(two.ttft_s, one.ttft_s);
  EXPECT_DOUBLE_EQ(two.tpot_s, one.tpot_s);
}

TEST(Replicas, AReplicaWithoutWorkIdles) {
  const JobOutcome one = run_job(llama(), kTp2, {1, 100, 100, 0, 0});
  const JobOutcome two = run_job(llama(), kTp2Dp2, {1, 100, 100, 0, 0});
  const double seconds = one.prefill.seconds + one.decode.seconds;
  EXPECT_EQ(two.decode.seconds, one.decode.seconds);
  EXPECT_NEAR(two.prefill.joules + two.decode.joules,
              one.prefill.joules + one.decode.joules + 2 * llama().idle_w * seconds, 1e-6);
  EXPECT_DOUBLE_EQ(two.tpot_s, one.tpot_s);
}

TEST(Job, OfOneTokenHasNoDecode) {
  const JobOutcome job = run_job(llama(), kTp8, {4, 100, 1, 0, 0});
  EXPECT_EQ(job.decode.joules, 0);
  EXPECT_EQ(job.decode.seconds, 0);
  EXPECT_FALSE(known(job.tpot_s));
  EXPECT_EQ(job.ttft_s, job.prefill.seconds);
}

TEST(Job, TpotIsTheStepTime) {
  const JobOutcome job = run_job(llama(), kTp8, {4, 100, 101, 0, 0});
  EXPECT_DOUBLE_EQ(job.tpot_s, job.decode.seconds / 100);
}

TEST(Steady, EnergyPerTokenFallsAndTpotGrowsWithTheLimit) {
  SteadyOutcome before = run_steady(llama(), kTp8, {1, 500, 500, 0, 0});
  for (const double limit : {2.0, 8.0, 32.0, 128.0}) {
    const SteadyOutcome now = run_steady(llama(), kTp8, {limit, 500, 500, 0, 0});
    EXPECT_EQ(now.in_flight, limit);
    EXPECT_LT(now.joules_per_token, before.joules_per_token);
    EXPECT_GT(now.tpot_s, before.tpot_s);
    before = now;
  }
}

TEST(Steady, MemoryLimitsWhatIsInFlight) {
  const double held = held_at_once(llama(), kTp2, 1000, 1000);
  EXPECT_EQ(run_steady(llama(), kTp2, {1e4, 1000, 1000, 0, 0}).in_flight, held);
  EXPECT_EQ(run_steady(llama(), kTp2Dp2, {1e4, 1000, 1000, 0, 0}).in_flight, 2 * held);
}

TEST(Steady, TokensPerSecondIsWhatTheRequestsInFlightProduce) {
  const SteadyOutcome steady = run_steady(llama(), kTp8, {16, 500, 201, 0, 0});
  // 200 intervals of one tpot deliver 201 tokens.
  EXPECT_NEAR(steady.tokens_per_s, 16 * 201 / (200 * steady.tpot_s), 1e-9 * steady.tokens_per_s);
  const double watts = steady.joules_per_token * steady.tokens_per_s / 8;
  EXPECT_GT(watts, llama().idle_w);
  EXPECT_LT(watts, llama().limit_w);
}

}  // namespace
}  // namespace energylens::simulate
