// SPDX-License-Identifier: Apache-2.0
#include "choose/across.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/rng.hpp"
#include "numerics/distributions.hpp"

namespace energylens::choose {
namespace {

/// A choice whose best configuration has this energy per request, with draws around it.
Choice choice_of(double energy_j, double sd, std::uint64_t seed, int tp = 2) {
  Choice choice;
  Configuration best;
  best.layout.tp = tp;
  best.energy_per_request_j = energy_j;
  best.throughput_rps = 4;
  choice.configurations.push_back(best);
  choice.accepted = 1;
  Rng rng(seed);
  for (int i = 0; i < 20000 && sd > 0; ++i) choice.best_draws_j.push_back(energy_j + sd * rng.normal());
  return choice;
}

TEST(AcrossGroups, RanksByEnergyPerRequestWithJointChances) {
  const std::vector<Choice> choices = {choice_of(110, 10, 1), choice_of(100, 10, 2), Choice{}};
  const std::vector<GroupBest> groups = across_groups(choices);
  ASSERT_EQ(groups.size(), 2u);  // the third has no configuration
  EXPECT_EQ(groups[0].index, 1u);
  EXPECT_EQ(groups[0].rank, 1);
  EXPECT_EQ(groups[1].index, 0u);
  const double expected = numerics::normal_cdf(10 / std::hypot(10, 10));
  EXPECT_NEAR(groups[0].chance_best, expected, 0.01);
  EXPECT_NEAR(groups[0].chance_best + groups[1].chance_best, 1, 1e-12);
}

TEST(AcrossGroups, AGroupWithoutUncertaintyIsWhereItIsPredicted) {
  const std::vector<GroupBest> groups =
      across_groups(std::vector<Choice>{choice_of(100, 10, 1), choice_of(105, 0, 2)});
  EXPECT_NEAR(groups[0].chance_best, numerics::normal_cdf(0.5), 0.01);
  EXPECT_FALSE(known(across_groups(std::vector<Choice>{choice_of(100, 0, 1)})[0].chance_best));
}

TEST(AcrossGroups, GpuHoursFollowFromThroughput) {
  const std::vector<GroupBest> groups = across_groups(std::vector<Choice>{choice_of(100, 10, 1, 8)});
  EXPECT_DOUBLE_EQ(groups[0].gpu_hours_per_1000_requests, 8 * 1000 / 4.0 / 3600);
  EXPECT_TRUE(across_groups({}).empty());
}

}  // namespace
}  // namespace energylens::choose
