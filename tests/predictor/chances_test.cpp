// SPDX-License-Identifier: Apache-2.0
#include "predictor/chances.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::predictor {
namespace {

TEST(ChancesBest, CountsWhoNeedsLeastInEachDraw) {
  const std::vector<double> draws = {1, 2, 3,    //
                                     5, 4, 6,    //
                                     1, 7, 0.5,  //
                                     2, 2, 9};
  EXPECT_EQ(chances_best(draws, 3), (std::vector<double>{0.5, 0.25, 0.25}));
}

TEST(ChancesBest, WhatIsNotKnownNeverWins) {
  EXPECT_EQ(chances_best(std::vector<double>{kUnknown, 3, kUnknown, kUnknown}, 2),
            (std::vector<double>{0, 0.5}));
}

TEST(ChancesBest, NoDrawsGiveNoChances) {
  EXPECT_TRUE(chances_best({}, 2).empty());
}

RC_GTEST_PROP(ChancesBest, KnownEnergiesShareOutAllDrawsWhateverTheirOrder, ()) {
  const auto candidates = *rc::gen::inRange<std::size_t>(1, 6);
  const auto rows = *rc::gen::inRange<std::size_t>(1, 20);
  auto draws = *rc::gen::container<std::vector<double>>(candidates * rows,
                                                        rc::gen::cast<double>(rc::gen::arbitrary<int>()));
  const std::vector<double> chances = chances_best(draws, candidates);
  RC_ASSERT(std::abs(std::accumulate(chances.begin(), chances.end(), 0.0) - 1) < 1e-9);
  std::rotate(draws.begin(), draws.begin() + static_cast<std::ptrdiff_t>(candidates), draws.end());
  RC_ASSERT(chances_best(draws, candidates) == chances);
}

TEST(ChanceAbove, IsLogNormal) {
  const predictor::Estimate estimate{0.02, 0.01, 0.04};
  EXPECT_DOUBLE_EQ(chance_above(estimate, 0.02), 0.5);
  EXPECT_NEAR(chance_above(estimate, 0.04), 0.05, 1e-9);
  EXPECT_NEAR(chance_above(estimate, 0.01), 0.95, 1e-9);
  EXPECT_EQ(chance_above({0.02, kUnknown, kUnknown}, 0.02), 0) << "no interval: it keeps or breaks the limit";
  EXPECT_EQ(chance_above({0.02, 0.02, 0.02}, 0.019), 1);
  EXPECT_FALSE(known(chance_above({}, 1)));
}

}  // namespace
}  // namespace energylens::predictor
