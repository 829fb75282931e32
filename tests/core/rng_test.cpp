// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/rng.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace energylens {
namespace {

// The first outputs of the reference implementation of SplitMix64 for the seed 1234567.
TEST(Rng, IsSplitMix64) {
  Rng rng(1234567);
  EXPECT_EQ(rng(), 6457827717110365317ull);
  EXPECT_EQ(rng(), 3203168211198807973ull);
  EXPECT_EQ(rng(), 9817491932198370423ull);
  EXPECT_EQ(rng(), 4593380528125082431ull);
  EXPECT_EQ(rng(), 16408922859458223821ull);
  EXPECT_EQ(splitmix64(1234567), 6457827717110365317ull);
}

TEST(Rng, UniformNumbersFillTheUnitInterval) {
  Rng rng(1);
  double sum = 0, squares = 0, least = 1, most = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = rng.uniform();
    sum += u;
    squares += u * u;
    least = std::min(least, u);
    most = std::max(most, u);
  }
  EXPECT_GE(least, 0);
  EXPECT_LT(most, 1);
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
}

TEST(Rng, NormalNumbersHaveTheRightMoments) {
  Rng rng(2);
  double sum = 0, squares = 0, fourth = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double z = rng.normal();
    ASSERT_TRUE(std::isfinite(z));
    sum += z;
    squares += z * z;
    fourth += z * z * z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.02);
  EXPECT_NEAR(squares / kDraws, 1, 0.03);
  EXPECT_NEAR(fourth / kDraws, 3, 0.2);
}

TEST(Rng, BelowStaysBelow) {
  Rng rng(3);
  std::vector<int> counts(3);
  for (int i = 0; i < 3000; ++i) ++counts.at(rng.below(3));
  for (const int count : counts) EXPECT_NEAR(count, 1000, 130);
  EXPECT_EQ(rng.below(1), 0u);
}

TEST(ShuffledOrder, IsAPermutation) {
  auto order = shuffled_order(5, 1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  std::vector<std::size_t> all(1000);
  std::iota(all.begin(), all.end(), std::size_t{0});
  EXPECT_EQ(order, all);
  EXPECT_TRUE(shuffled_order(5, 0).empty());
}

TEST(ShuffledOrder, FollowsItsWrittenRule) {
  const auto order = shuffled_order(9, 50);
  const auto key = [](std::size_t i) { return splitmix64(splitmix64(9) + i); };
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end(), [&](auto a, auto b) { return key(a) < key(b); }));
}

// Pins the draws of every evaluation; the orders were computed by another program from the written rule.
TEST(ShuffledOrder, IsTheSameEverywhere) {
  EXPECT_EQ(shuffled_order(0, 8), (std::vector<std::size_t>{5, 7, 1, 4, 2, 0, 6, 3}));
  EXPECT_EQ(shuffled_order(1, 8), (std::vector<std::size_t>{6, 7, 0, 5, 1, 3, 2, 4}));
}

// The order of n + 1 indices is the order of n with one inserted: adding a row keeps the others in order.
TEST(ShuffledOrder, OfMoreIndicesKeepsTheOrderOfFewer) {
  const auto few = shuffled_order(4, 30);
  auto more = shuffled_order(4, 31);
  std::erase(more, 30u);
  EXPECT_EQ(more, few);
}

}  // namespace
}  // namespace energylens
