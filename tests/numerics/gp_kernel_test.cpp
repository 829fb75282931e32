// SPDX-License-Identifier: Apache-2.0
#include "numerics/gp_kernel.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "energylens/core/rng.hpp"
#include "numerics/dense.hpp"

namespace energylens::numerics {
namespace {

const std::vector<Term> kTerms = {
    {0, {{0, Shape::exponential, 2}, {1, Shape::squared_exponential, 3}}, false},
    {1, {{0, Shape::squared_exponential, 2}}, true},
};

Combination random_combination(Rng& rng) {
  Combination at;
  for (std::size_t i = 0; i <= rng.below(2); ++i)
    at.push_back({{rng.normal(), rng.normal()}, rng.below(2), rng.uniform()});
  return at;
}

std::vector<double> random_values(Rng& rng) {
  std::vector<double> values;
  for (int h = 0; h < 4; ++h) values.push_back(std::exp(0.5 * rng.normal()));
  return values;
}

TEST(Kernel, IsTheSumOfItsTermsByHand) {
  const std::vector<double> values = {2, 3, 0.5, 4};
  const Kernel kernel(kTerms, values);
  const Point a{{1, 0}, 7, 1}, b{{2, 2}, 7, 1}, other{{2, 2}, 8, 1};
  const double shared = 4 * std::exp(-1 / 0.5 - 0.5 * 0.25);
  const double own = 9 * std::exp(-0.5 * 4);
  EXPECT_NEAR(kernel.covariance({a}, {b}), shared + own, 1e-12);
  EXPECT_NEAR(kernel.covariance({a}, {other}), shared, 1e-12);
  EXPECT_NEAR(kernel.covariance({a}, {a}), 13, 1e-12);
}

RC_GTEST_PROP(Kernel, IsLinearInWhatItCombines, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::vector<double> values = random_values(rng);
  const Kernel kernel(kTerms, values);
  const Combination a = random_combination(rng), b = random_combination(rng);
  double sum = 0;
  for (const Point& p : a) {
    for (const Point& q : b) {
      Point whole_p = p, whole_q = q;
      whole_p.weight = whole_q.weight = 1;
      sum += p.weight * q.weight * kernel.covariance({whole_p}, {whole_q});
    }
  }
  RC_ASSERT(std::abs(kernel.covariance(a, b) - sum) < 1e-12 * (1 + std::abs(sum)));
}

RC_GTEST_PROP(Kernel, ItsGradientIsThatOfCentralDifferences, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::vector<double> values = random_values(rng);
  const Combination a = random_combination(rng), b = random_combination(rng);
  std::vector<double> gradient(values.size(), 0.0);
  Kernel(kTerms, values).add_gradient(a, b, 1, gradient);
  for (std::size_t h = 0; h < values.size(); ++h) {
    constexpr double kStep = 1e-5;
    std::vector<double> up = values, down = values;
    up[h] *= std::exp(kStep);
    down[h] *= std::exp(-kStep);
    const double slope =
        (Kernel(kTerms, up).covariance(a, b) - Kernel(kTerms, down).covariance(a, b)) / (2 * kStep);
    RC_ASSERT(std::abs(slope - gradient[h]) < 1e-7 * (1 + std::abs(slope)));
  }
}

RC_GTEST_PROP(Kernel, NoCombinationHasANegativeVariance, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::vector<double> values = random_values(rng);
  const Kernel kernel(kTerms, values);
  constexpr std::size_t kPlaces = 6;
  std::vector<Combination> places;
  for (std::size_t i = 0; i < kPlaces; ++i) places.push_back(random_combination(rng));
  std::vector<double> matrix;
  for (const Combination& a : places) {
    for (const Combination& b : places) matrix.push_back(kernel.covariance(a, b));
  }
  const numerics::SymmetricEigen eigen = numerics::symmetric_eigen(matrix, kPlaces);
  RC_ASSERT(eigen.values.front() > -1e-9 * eigen.values.back());
}

}  // namespace
}  // namespace energylens::numerics
