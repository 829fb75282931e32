// SPDX-License-Identifier: Apache-2.0
#include "energylens/serving/engine.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens::serving {
namespace {

StepCosts two_sizes() {
  return {
      {{{1, 10}, {0.1, 1}}, {{2, 15}, {0.1, 1}}}, {{0, {0, 0}}, {10, {1, 5}}, {20, {3, 15}}}, {0.5, 2}, 7};
}

TEST(StepCosts, FollowTheTableAndTheLineBeyondIt) {
  const StepCosts costs = two_sizes();
  EXPECT_EQ(costs.decode(1).base.s, 1);
  EXPECT_EQ(costs.decode(2).base.j, 15);
  EXPECT_EQ(costs.decode(4).base.s, 4);
  EXPECT_EQ(costs.decode(4).base.j, 25);
  EXPECT_EQ(costs.decode(4).per_cached_token.s, 0.1);
  EXPECT_EQ(costs.idle_w(), 7);
}

TEST(StepCosts, ChunksAddUpToTheWholePrompt) {
  const StepCosts costs = two_sizes();
  EXPECT_DOUBLE_EQ(costs.prefill(0, 5).s, 0.5);
  EXPECT_DOUBLE_EQ(costs.prefill(5, 15).s, 1.5);
  EXPECT_DOUBLE_EQ(costs.prefill(0, 5).s + costs.prefill(5, 15).s + costs.prefill(15, 30).s,
                   costs.prefill(0, 30).s);
  EXPECT_DOUBLE_EQ(costs.prefill(0, 30).s, 5);
}

TEST(StepCosts, SlowerStepsNeedTheSameEnergy) {
  const StepCosts slow = two_sizes().slower(2);
  EXPECT_EQ(slow.decode(2).base.s, 4);
  EXPECT_EQ(slow.decode(2).base.j, 15);
  EXPECT_DOUBLE_EQ(slow.prefill(0, 10).s, 2);
  EXPECT_DOUBLE_EQ(slow.prefill(0, 10).j, 5);
  EXPECT_EQ(slow.start().s, 1);
}

TEST(StepCosts, RefuseNegativeCosts) {
  EXPECT_THROW(StepCosts({{{-1, 0}, {}}}, {{0, {}}, {1, {}}}, {}, 0), Error);
  EXPECT_THROW(StepCosts({}, {{0, {}}, {1, {}}}, {}, 0), Error);
}

TEST(Engine, NamesAnInvalidMember) {
  Engine engine;
  engine.max_step_tokens = 100;
  EXPECT_THROW(engine.validate(), Error);
  EXPECT_EQ(parse_scheduler("trtllm"), Scheduler::no_evict);
  EXPECT_THROW(parse_scheduler("orca"), Error);
  EXPECT_EQ(parse_routing("two-choices"), Routing::two_choices);
}

}  // namespace
}  // namespace energylens::serving
