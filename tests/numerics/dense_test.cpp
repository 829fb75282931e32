// SPDX-License-Identifier: Apache-2.0
#include "numerics/dense.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>

#include "energylens/core/rng.hpp"

namespace energylens::numerics {
namespace {

using Numbers = std::vector<double>;

Numbers normals(std::size_t n, Rng& rng) {
  Numbers out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(rng.normal());
  return out;
}

/// Small whole numbers: columns that depend on each other, and ties, are common.
Numbers whole_numbers(std::size_t n, Rng& rng) {
  Numbers out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(static_cast<double>(rng.below(5)) - 2);
  return out;
}

Numbers residual(const Numbers& a, std::size_t rows, const Numbers& x, const Numbers& b) {
  Numbers out = b;
  for (std::size_t j = 0; j < x.size(); ++j) {
    for (std::size_t i = 0; i < rows; ++i) out[i] -= a[j * rows + i] * x[j];
  }
  return out;
}

double squares(const Numbers& values) {
  double sum = 0;
  for (const double v : values) sum += v * v;
  return sum;
}

/// B^T B of a random B with more rows than columns: symmetric and positive definite.
Numbers random_spd(std::size_t n, Rng& rng) {
  return normal_matrix(normals((n + 2) * n, rng), n + 2, n);
}

Numbers identity(std::size_t n) {
  Numbers out(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) out[i * n + i] = 1;
  return out;
}

Numbers transposed(const Numbers& a, std::size_t n) {
  Numbers out(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) out[j * n + i] = a[i * n + j];
  }
  return out;
}

double distance(const Numbers& a, const Numbers& b) {
  Numbers difference = a;
  for (std::size_t i = 0; i < a.size(); ++i) difference[i] -= b[i];
  return std::sqrt(squares(difference));
}

RC_GTEST_PROP(LinearLeastSquares, SolvesTheNormalEquations, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::size_t columns = 1 + rng.below(4), rows = 1 + rng.below(6);
  const double ridge = rng.below(2) == 0 ? 0 : 0.5;
  const Numbers a = whole_numbers(rows * columns, rng), b = normals(rows, rng);
  const Numbers x = linear_least_squares(a, rows, columns, b, ridge);
  const Numbers left = residual(a, rows, x, b);
  for (std::size_t j = 0; j < columns; ++j) {
    double slope = -ridge * x[j];
    for (std::size_t i = 0; i < rows; ++i) slope += a[j * rows + i] * left[i];
    RC_ASSERT(std::abs(slope) < 1e-10);
  }
}

TEST(LinearLeastSquares, OfSeveralMinimaTheShortest) {
  const Numbers a{1, 2, 1, 2}, b{2, 4};  // two equal columns
  const Numbers x = linear_least_squares(a, 2, 2, b);
  EXPECT_NEAR(x[0], 1, 1e-12);
  EXPECT_NEAR(x[1], 1, 1e-12);
}

/// Least sum of squares over all subsets of columns whose unconstrained solution is feasible.
double brute_force_nonnegative(const Numbers& a, std::size_t rows, std::size_t columns, const Numbers& b) {
  double best = squares(b);
  for (std::size_t subset = 1; subset < (std::size_t{1} << columns); ++subset) {
    Numbers part;
    for (std::size_t j = 0; j < columns; ++j) {
      if (!(subset >> j & 1)) continue;
      part.insert(part.end(), a.begin() + static_cast<std::ptrdiff_t>(j * rows),
                  a.begin() + static_cast<std::ptrdiff_t>((j + 1) * rows));
    }
    const Numbers x = linear_least_squares(part, rows, part.size() / rows, b);
    if (*std::min_element(x.begin(), x.end()) >= -1e-12)
      best = std::min(best, squares(residual(part, rows, x, b)));
  }
  return best;
}

RC_GTEST_PROP(NonnegativeLeastSquares, AgreesWithAllActiveSets, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::size_t columns = 1 + rng.below(5), rows = 1 + rng.below(6);
  const Numbers a = rng.below(2) == 0 ? whole_numbers(rows * columns, rng) : normals(rows * columns, rng);
  const Numbers b = normals(rows, rng);
  const Numbers x = nonnegative_least_squares(a, rows, columns, b);
  RC_ASSERT(x.size() == columns);
  for (const double v : x) RC_ASSERT(v >= 0);
  RC_ASSERT(squares(residual(a, rows, x, b)) <= brute_force_nonnegative(a, rows, columns, b) + 1e-9);
}

TEST(NonnegativeLeastSquares, NothingToGainGivesZeros) {
  const Numbers a{1, 1, 0, 0}, b{-1, -2};
  EXPECT_EQ(nonnegative_least_squares(a, 2, 2, b), (Numbers{0, 0}));
  EXPECT_TRUE(nonnegative_least_squares({}, 2, 0, b).empty());
}

TEST(NonnegativeLeastSquares, ColumnsOfVeryDifferentSizeAreServedAlike) {
  const Numbers a{1e-9, 0, 0, 1e9}, b{3, 4};
  const Numbers x = nonnegative_least_squares(a, 2, 2, b);
  EXPECT_NEAR(x[0] / 3e9, 1, 1e-12);
  EXPECT_NEAR(x[1] / 4e-9, 1, 1e-12);
}

RC_GTEST_PROP(SymmetricEigen, ValuesRiseAndVectorsRebuildTheMatrix, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::size_t n = 1 + rng.below(6);
  const Numbers half = normals(n * n, rng), other = transposed(half, n);
  Numbers a = half;
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += other[i];
  const SymmetricEigen eigen = symmetric_eigen(a, n);
  Numbers rebuilt(n * n, 0.0);
  for (std::size_t m = 0; m < n; ++m) {
    if (m > 0) RC_ASSERT(eigen.values[m - 1] <= eigen.values[m]);
    for (std::size_t i = 0; i < n * n; ++i) {
      rebuilt[i] += eigen.values[m] * eigen.vectors[m * n + i / n] * eigen.vectors[m * n + i % n];
    }
  }
  RC_ASSERT(distance(rebuilt, a) < 1e-10);
}

RC_GTEST_PROP(InvertSpd, GivesTheIdentity, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::size_t n = 1 + rng.below(8);
  const Numbers a = random_spd(n, rng), inverse = invert_spd(a, n);
  const double condition = symmetric_eigen(a, n).values.back() / symmetric_eigen(a, n).values.front();
  RC_ASSERT(distance(product(a, inverse, n), identity(n)) < 1e-12 * condition * static_cast<double>(n));
}

TEST(InvertSpd, DirectionsWithoutInformationAreLeftOut) {
  const Numbers a{2, 0, 0, 0};
  EXPECT_EQ(invert_spd(a, 2), (Numbers{0.5, 0, 0, 0}));
}

RC_GTEST_PROP(Cholesky, TheFactorIsLowerAndItsSquareTheMatrix, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::size_t n = 1 + rng.below(8);
  const Numbers a = random_spd(n, rng), l = cholesky(a, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) RC_ASSERT(l[i * n + j] == 0);
  }
  RC_ASSERT(distance(product(l, transposed(l, n), n), a) < 1e-10 * std::sqrt(squares(a)));
}

TEST(Cholesky, AMatrixWithoutFullRankGetsATinyDiagonal) {
  const Numbers a{4, 2, 0, 2, 1, 0, 0, 0, 0};
  const Numbers l = cholesky(a, 3);
  EXPECT_LT(distance(product(l, transposed(l, 3), 3), a), 1e-9);
  EXPECT_NEAR(l[0], 2, 1e-9);
}

TEST(Product, IsOfRows) {
  const Numbers a{1, 2, 3, 4}, b{5, 6, 7, 8};
  EXPECT_EQ(product(a, b, 2), (Numbers{19, 22, 43, 50}));
}

TEST(NormalMatrix, IsTheSumOverRows) {
  const Numbers j{1, 2, 3, 4, 5, 6};  // rows (1,4) (2,5) (3,6)
  EXPECT_EQ(normal_matrix(j, 3, 2), (Numbers{14, 32, 32, 77}));
}

TEST(Dense, TheTraceOfAProductIsThatOfTheProduct) {
  const std::vector<double> a = {2, 1, 1, 3}, b = {4, -1, -1, 5};
  const std::vector<double> ab = product(a, b, 2);
  EXPECT_DOUBLE_EQ(trace_of_product(a, b), ab[0] + ab[3]);
}

}  // namespace
}  // namespace energylens::numerics
