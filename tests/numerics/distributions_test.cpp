// SPDX-License-Identifier: Apache-2.0
#include "numerics/distributions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "energylens/core/number_text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::numerics {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(Distributions, NormalValuesOfTheTables) {
  EXPECT_NEAR(normal_cdf(0), 0.5, 1e-15);
  EXPECT_NEAR(normal_cdf(1.959963984540054), 0.975, 1e-14);
  EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-12);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-12);
  EXPECT_EQ(normal_cdf(kInfinity), 1);
  EXPECT_EQ(normal_cdf(-kInfinity), 0);
  EXPECT_FALSE(known(normal_cdf(kUnknown)));
}

TEST(Distributions, NormalQuantileInvertsTheDistribution) {
  for (const double p : {1e-12, 1e-3, 0.2, 0.5, 0.8, 0.999}) {
    EXPECT_NEAR(normal_cdf(normal_quantile(p)) / p, 1, 1e-10) << p;
  }
}

TEST(Distributions, StudentValuesOfTheTables) {
  EXPECT_NEAR(student_t_quantile(0.95, 10), 1.812461122811676, 1e-10);
  EXPECT_NEAR(student_t_quantile(0.975, 5), 2.570581835636314, 1e-10);
  EXPECT_NEAR(student_t_quantile(0.975, 30), 2.042272456301238, 1e-10);
  EXPECT_NEAR(student_t_quantile(0.05, 10), -student_t_quantile(0.95, 10), 1e-12);
  EXPECT_NEAR(student_t_quantile(0.95, kInfinity), normal_quantile(0.95), 1e-12);
}

TEST(Distributions, StudentValuesDoNotDependOnEarlierOnes) {
  std::vector<double> first;
  for (double dof = 1; dof < 100; dof += 0.5) first.push_back(student_t_quantile(0.95, dof));
  EXPECT_NE(student_t_quantile(0.975, 99.5), first.back());
  EXPECT_TRUE(std::ranges::is_sorted(first, std::greater<>()));
  std::size_t i = 0;
  for (double dof = 1; dof < 100; dof += 0.5) EXPECT_EQ(student_t_quantile(0.95, dof), first[i++]) << dof;
}

// One and two degrees of freedom have closed forms.
TEST(Distributions, StudentAgreesWithItsClosedForms) {
  for (const double p : {0.01, 0.3, 0.6, 0.95, 0.999}) {
    EXPECT_NEAR(student_t_quantile(p, 1) / std::tan(std::numbers::pi * (p - 0.5)), 1, 1e-9) << p;
    EXPECT_NEAR(student_t_quantile(p, 2) / ((2 * p - 1) / std::sqrt(2 * p * (1 - p))), 1, 1e-9) << p;
  }
}

/// P(X <= k), summed term by term.
double binomial_cdf(std::size_t n, double p, std::size_t k) {
  double sum = 0;
  for (std::size_t i = 0; i <= k; ++i) {
    const double ways =
        std::lgamma(double(n) + 1) - std::lgamma(double(i) + 1) - std::lgamma(double(n - i) + 1);
    sum += std::exp(ways + double(i) * std::log(p) + double(n - i) * std::log1p(-p));
  }
  return sum;
}

TEST(Distributions, BinomialBandLeavesAtMostHalfTheRestInEachTail) {
  for (const std::size_t n : {1, 10, 20, 500}) {
    for (const double p : {0.03, 0.1, 0.5, 0.9}) {
      const CountBand band = binomial_band(n, p, 0.9);
      ASSERT_LE(band.lo, band.hi);
      ASSERT_LE(band.hi, n);
      if (band.lo > 0) {
        EXPECT_LT(binomial_cdf(n, p, band.lo - 1), 0.05) << n << ' ' << p;
      }
      EXPECT_GE(binomial_cdf(n, p, band.lo), 0.05 - 1e-9) << n << ' ' << p;
      EXPECT_GE(binomial_cdf(n, p, band.hi), 0.95 - 1e-9) << n << ' ' << p;
      if (band.hi > 0) {
        EXPECT_LT(binomial_cdf(n, p, band.hi - 1), 0.95) << n << ' ' << p;
      }
    }
  }
}

TEST(Distributions, BinomialBandOfKnownCases) {
  EXPECT_EQ(binomial_band(10, 0.5, 0.9).lo, 2u);
  EXPECT_EQ(binomial_band(10, 0.5, 0.9).hi, 8u);
  EXPECT_EQ(binomial_band(500, 0.9, 0.99).lo, 432u);
  EXPECT_EQ(binomial_band(500, 0.9, 0.99).hi, 466u);
  EXPECT_TRUE(binomial_band(500, 0.9, 0.99).contains(432));
  EXPECT_FALSE(binomial_band(500, 0.9, 0.99).contains(467));
}

TEST(Distributions, BinomialBandOfCertainOutcomes) {
  EXPECT_EQ(binomial_band(7, 0, 0.9).hi, 0u);
  EXPECT_EQ(binomial_band(7, 1, 0.9).lo, 7u);
  EXPECT_EQ(binomial_band(7, 1, 0.9).hi, 7u);
  EXPECT_EQ(binomial_band(0, 0.5, 0.9).hi, 0u);
}

TEST(Distributions, IntervalScoreChargesWidthAndMisses) {
  EXPECT_DOUBLE_EQ(interval_score(1, 3, 2, 0.1), 2);
  EXPECT_DOUBLE_EQ(interval_score(1, 3, 3.5, 0.1), 2 + 20 * 0.5);
  EXPECT_DOUBLE_EQ(interval_score(1, 3, 0.5, 0.1), 2 + 20 * 0.5);
  EXPECT_FALSE(known(interval_score(1, kUnknown, 2, 0.1)));
}

// The score is proper: of all central intervals of a normal value, the true one scores least on average.
TEST(Distributions, IntervalScoreIsLeastForTheTrueInterval) {
  Rng rng(20240501);
  double narrow = 0, right = 0, wide = 0;
  for (int i = 0; i < 20000; ++i) {
    const double value = rng.normal();
    narrow += interval_score(-1.2, 1.2, value, 0.1);
    right += interval_score(-1.645, 1.645, value, 0.1);
    wide += interval_score(-2.2, 2.2, value, 0.1);
  }
  EXPECT_LT(right, narrow);
  EXPECT_LT(right, wide);
}

}  // namespace
}  // namespace energylens::numerics
