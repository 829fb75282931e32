// SPDX-License-Identifier: Apache-2.0
#include "energylens/serving/report.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "energylens/core/rng.hpp"

namespace energylens::serving {
namespace {

double exact_quantile(std::vector<double> values, double p) {
  std::ranges::sort(values);
  const auto n = static_cast<double>(values.size());
  return values[static_cast<std::size_t>(std::max(std::ceil(p * n), 1.0)) - 1];
}

TEST(Histogram, QuantilesAreWithinHalfAPercent) {
  Rng rng(1);
  Histogram histogram;
  std::vector<double> values;
  for (int i = 0; i < 20000; ++i) {
    values.push_back(std::exp(3 * rng.normal()));
    histogram.add(values.back());
  }
  for (const double p : {0.0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.9999, 1.0}) {
    const double exact = exact_quantile(values, p);
    EXPECT_NEAR(histogram.quantile(p), exact, 0.005 * exact) << p;
  }
  double sum = 0;
  for (const double one : values) sum += one;
  EXPECT_NEAR(histogram.mean(), sum / 20000, 1e-9 * histogram.mean());
  EXPECT_EQ(histogram.largest(), *std::ranges::max_element(values));
}

TEST(Histogram, MergedPartsAreTheWhole) {
  Rng rng(2);
  Histogram whole, parts[2];
  for (int i = 0; i < 1000; ++i) {
    const double value = 1e-3 + rng.uniform();
    whole.add(value);
    parts[i % 2].add(value);
  }
  parts[0].merge(parts[1]);
  EXPECT_EQ(parts[0].count(), whole.count());
  EXPECT_EQ(parts[0].quantile(0.9), whole.quantile(0.9));
}

TEST(Histogram, HoldsZerosAndNothing) {
  Histogram histogram;
  EXPECT_FALSE(known(histogram.quantile(0.5)));
  EXPECT_FALSE(known(histogram.mean()));
  histogram.add(0);
  EXPECT_EQ(histogram.quantile(0.99), 0);
}

}  // namespace
}  // namespace energylens::serving
