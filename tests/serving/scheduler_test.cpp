// SPDX-License-Identifier: Apache-2.0
// What each scheduler does with a few requests, by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "energylens/serving/simulate.hpp"

namespace energylens::serving {
namespace {

class FewRequests : public Traffic {
 public:
  explicit FewRequests(std::vector<Request> requests) : requests_(std::move(requests)) {}
  bool next(Request& request) override {
    if (next_ == requests_.size()) return false;
    request = requests_[next_++];
    return true;
  }

 private:
  std::vector<Request> requests_;
  std::size_t next_ = 0;
};

/// A decode step takes 1 s, an input token 0.01 s.
Deployment clock_engine(Scheduler scheduler) {
  Deployment out;
  out.costs = StepCosts({{{1, 1}, {}}}, {{0, {}}, {100, {1, 1}}}, {}, 0);
  out.engine.scheduler = scheduler;
  out.engine.block_tokens = 10;
  return out;
}

Report served(const Deployment& deployment, std::vector<Request> requests) {
  FewRequests traffic(std::move(requests));
  return simulate(deployment, traffic);
}

TEST(Scheduler, PromptsAreDividedToFitTheStep) {
  Deployment engine = clock_engine(Scheduler::vllm);
  engine.engine.max_step_tokens = 100;
  engine.engine.max_requests = 10;
  // 100 + 100 + 50 tokens, each step as long as its tokens; then two decode steps.
  const Report report = served(engine, {{0, 250, 3}});
  EXPECT_EQ(report.steps, 5U);
  EXPECT_NEAR(report.ttft_s.mean(), 2.5, 1e-9);
  EXPECT_NEAR(report.e2e_s.mean(), 4.5, 1e-9);
  EXPECT_NEAR(report.tpot_s.mean(), 1, 1e-9);
}

TEST(Scheduler, ARequestWaitsForTheStepInProgress) {
  const Report report = served(clock_engine(Scheduler::vllm), {{0, 100, 5}, {1.5, 100, 1}});
  // The first one decodes from 1 s on; the second arrives within its first decode step and shares the next one, 1 + 1 s.
  EXPECT_NEAR(report.ttft_s.largest(), 2.5, 1e-9);
  EXPECT_NEAR(report.e2e_s.largest(), 6, 1e-9);
}

TEST(Scheduler, CachedTokensAreNotComputed) {
  const Report report = served(clock_engine(Scheduler::vllm), {{0, 100, 1, 60}});
  EXPECT_NEAR(report.ttft_s.mean(), 0.4, 1e-9);
  EXPECT_EQ(report.computed_tokens, 40);
}

TEST(Scheduler, TheLastAdmittedGivesItsBlocksBack) {
  Deployment engine = clock_engine(Scheduler::vllm);
  engine.engine.kv_tokens = 60;
  // Two requests of 20 input tokens take 2 blocks each, grow to 3 each, and a fourth block of both does not fit.
  const Report report = served(engine, {{0, 20, 25}, {0, 20, 25}});
  EXPECT_EQ(report.requests, 2U);
  EXPECT_EQ(report.preemptions, 1U);
  EXPECT_EQ(report.recomputed_tokens, 31);  // 20 + 10 in the cache, and the last one made
  // Alone from then on: 24 decode steps of the first, then the second computes 31 tokens and decodes 13 more.
  EXPECT_NEAR(report.e2e_s.largest(), 0.4 + 24 + 0.31 + 13, 1e-9);
}

TEST(Scheduler, NoEvictionWaitsForAllBlocks) {
  Deployment engine = clock_engine(Scheduler::no_evict);
  engine.engine.kv_tokens = 60;
  const Report report = served(engine, {{0, 20, 25}, {0, 20, 25}});
  EXPECT_EQ(report.preemptions, 0U);
  // 45 tokens need 5 of 6 blocks, so the second one starts when the first is done.
  EXPECT_NEAR(report.e2e_s.largest(), 2 * (0.2 + 24), 1e-9);
}

TEST(Scheduler, UndividedPromptsRunAloneWhereTheyAreLongerThanAStep) {
  Deployment engine = clock_engine(Scheduler::no_evict);
  engine.engine.max_step_tokens = 100;
  engine.engine.max_requests = 10;
  const Report report = served(engine, {{0, 250, 1}, {0, 60, 1}, {0, 60, 1}});
  EXPECT_EQ(report.steps, 3U);
  EXPECT_NEAR(report.e2e_s.largest(), 3.7, 1e-9);
}

TEST(Scheduler, AStaticBatchRunsUntilTheLongestIsDone) {
  Deployment engine = clock_engine(Scheduler::static_batch);
  engine.engine.max_requests = 2;
  const Report report = served(engine, {{0, 50, 3}, {0, 50, 11}, {0, 50, 2}});
  // Two prompts take 1 s, ten decode steps follow; then the third: 0.5 s and one step.
  EXPECT_NEAR(report.ttft_s.largest(), 11.5, 1e-9);
  EXPECT_NEAR(report.duration_s, 12.5, 1e-9);
  EXPECT_EQ(report.steps, 13U);
}

TEST(Scheduler, RefusesWhatNeverFits) {
  Deployment engine = clock_engine(Scheduler::vllm);
  engine.engine.kv_tokens = 60;
  const Report report = served(engine, {{0, 50, 11}, {0, 50, 10}});
  EXPECT_EQ(report.refused, 1U);
  EXPECT_EQ(report.requests, 1U);
  EXPECT_DOUBLE_EQ(report.goodput(), 0.5);
}

TEST(Scheduler, GoodputCountsRequestsWithinAllLimits) {
  FewRequests traffic({{0, 100, 3}, {0, 100, 3}, {10, 100, 1}});
  SimulationOptions options;
  options.limits.ttft_s = 1.5;
  // The first two share a step of 2 s; the third has 1 s.
  const Report report = simulate(clock_engine(Scheduler::vllm), traffic, options);
  EXPECT_EQ(report.within, 1U);
  EXPECT_NEAR(report.goodput(), 1.0 / 3, 1e-12);
}

}  // namespace
}  // namespace energylens::serving
