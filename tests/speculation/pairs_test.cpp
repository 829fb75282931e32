// SPDX-License-Identifier: Apache-2.0
#include "speculation/pairs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "speculation/served.hpp"

namespace energylens::speculation {
namespace {

TEST(Pairs, WorkloadsLoseTheWordsOfSpeculation) {
  EXPECT_EQ(without_speculation("random+mtp"), "random");
  EXPECT_EQ(without_speculation("random+nospec"), "random");
  EXPECT_EQ(without_speculation("8k1k Chat, EAGLE3"), "8k1k chat");
  EXPECT_EQ(without_speculation("mtp"), "");
}

TEST(Pairs, TwinsDifferInNothingElse) {
  std::vector<table::Group> groups = {served("H100", "chat+mtp", 2.5), served("H200", "chat+nospec"),
                                      served("H100", "chat+nospec"), served("H100", "code")};
  const std::vector<Twins> found = twins(groups);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].plain, 2u);
  EXPECT_EQ(found[0].speculative, 0u);
  ASSERT_EQ(found[0].pairs.size(), groups[2].rows.size());
  const Pair& first = found[0].pairs[0];
  EXPECT_DOUBLE_EQ(first.log_ratio, std::log(groups[0].rows[first.speculative].scenario_energy_j() /
                                             groups[2].rows[first.plain].scenario_energy_j()));
}

TEST(Pairs, RowsOfOtherLoadsAreNoPairs) {
  std::vector<table::Group> groups = {served("H100", "chat"), served("H100", "chat+mtp", 2.5)};
  for (table::Row& row : groups[1].rows) row.config.load.isl += 1;
  EXPECT_TRUE(twins(groups).empty());
}

}  // namespace
}  // namespace energylens::speculation
