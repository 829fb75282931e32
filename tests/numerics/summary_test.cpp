// SPDX-License-Identifier: Apache-2.0
#include "numerics/summary.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::numerics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Summary, MeanAndDeviation) {
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(mean(values), 5);
  EXPECT_DOUBLE_EQ(sd(values), std::sqrt(32.0 / 7));
}

TEST(Summary, WhatTheSampleDoesNotDetermineIsUnknown) {
  const std::vector<double> none, one = {3}, holed = {1, kUnknown, 2};
  EXPECT_FALSE(known(mean(none)));
  EXPECT_FALSE(known(sd(one)));
  EXPECT_FALSE(known(median(none)));
  EXPECT_FALSE(known(mean(holed)));
  EXPECT_FALSE(known(median(holed)));
  EXPECT_EQ(median(one), 3);
}

// Values of R: quantile(c(7, 1, 3, 10, 4), p, type = 7).
TEST(Summary, QuantilesAreOfTypeSeven) {
  const std::vector<double> values = {7, 1, 3, 10, 4};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 0.1), 1.8);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 3);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 4);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 8.8);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 10);
  EXPECT_DOUBLE_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
}

TEST(Summary, QuantilesBearInfiniteValues) {
  EXPECT_EQ(quantile(std::vector<double>{kInfinity, kInfinity, 1}, 0.75), kInfinity);
  EXPECT_EQ(quantile(std::vector<double>{1, 2, kInfinity}, 0.5), 2);
}

RC_GTEST_PROP(SummaryProperty, QuantileAgreesWithASortedCopy, ()) {
  auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(-1000, 1000), [](int value) { return value / 8.0; })));
  const double p = *rc::gen::inRange(0, 101) / 100.0;
  const double found = quantile(values, p);
  std::sort(values.begin(), values.end());
  const double place = p * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  const double wanted = values[below] + (place - std::floor(place)) * (values[above] - values[below]);
  RC_ASSERT(std::abs(found - wanted) < 1e-9);
}

}  // namespace
}  // namespace energylens::numerics
