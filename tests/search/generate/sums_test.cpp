// SPDX-License-Identifier: Apache-2.0
// The columns that make up a known sum are found, and what is left of the goal is what least squares leaves.
#include "search/generate/sums.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "numerics/dense.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

/// Random columns, and a goal that is a sum of some of them.
struct SumOfColumns {
  SumOfColumns(const std::vector<std::pair<std::size_t, double>>& made_of, std::size_t rows = 60) {
    Rng rng(7);
    for (std::size_t c = 0; c < 20; ++c) {
      library.terms.push_back(Term{1, true, {input_factor(c)}});
      library.part.push_back(0);
      library.degree.push_back(static_cast<double>(1 + c % 5));
      library.columns.emplace_back();
      for (std::size_t r = 0; r < rows; ++r) library.columns.back().push_back(1 + rng.uniform());
    }
    goal.values.assign(rows, 0);
    for (const auto& [column, coefficient] : made_of) {
      for (std::size_t r = 0; r < rows; ++r) goal.values[r] += coefficient * library.columns[column][r];
    }
    goal.begin = {0, rows};
  }
  Library library;
  Goal goal;
};

TEST(Sums, FindASingleColumn) {
  const SumOfColumns s({{4, 2.5}});
  const std::vector<Choice> found = single_columns(s.library, s.goal, false);
  ASSERT_EQ(found.size(), 20U);
  EXPECT_EQ(found.front().a, 4U);
  EXPECT_NEAR(found.front().left, 0, 1e-9);
  EXPECT_GT(found[1].left, 0.1);
}

TEST(Sums, FindAPair) {
  const SumOfColumns s({{3, 2}, {11, -1}});
  const Choice best = best_pairs(s.library, s.goal, false, {}).front();
  EXPECT_EQ(best.a, 3U);
  EXPECT_EQ(best.b, 11U);
  EXPECT_NEAR(best.left, 0, 1e-9);
}

TEST(Sums, DoNotUseNegativeCoefficientsWhereTheyMustBePositive) {
  const SumOfColumns s({{3, 2}, {11, -1}});
  EXPECT_GT(best_pairs(s.library, s.goal, true, {}).front().left, 0.1);
}

TEST(Sums, LeaveWhatLeastSquaresLeaves) {
  const SumOfColumns s({{1, 2}, {5, 1}, {9, 4}});
  for (const Choice& pair : best_pairs(s.library, s.goal, false, {})) {
    const std::size_t rows = s.goal.values.size();
    std::vector<double> a = s.library.columns[pair.a];
    a.insert(a.end(), s.library.columns[pair.b].begin(), s.library.columns[pair.b].end());
    const std::vector<double> x = numerics::linear_least_squares(a, rows, 2, s.goal.values);
    double left = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const double e = s.goal.values[r] - x[0] * a[r] - x[1] * a[rows + r];
      left += e * e;
    }
    EXPECT_NEAR(pair.left, left, 1e-6 * (1 + left));
  }
}

TEST(Sums, FindLongerOnes) {
  const std::vector<std::size_t> wanted = {1, 5, 9, 14};
  const SumOfColumns s({{1, 2}, {5, 1}, {9, 4}, {14, -3}});
  const std::vector<Choice> pairs = best_pairs(s.library, s.goal, false, {});
  for (const auto& found : {longer_sums(s.library, s.goal, pairs, {}), greedy_sums(s.library, s.goal, {})}) {
    std::set<std::vector<std::size_t>> sorted;
    for (std::vector<std::size_t> sum : found) {
      std::sort(sum.begin(), sum.end());
      sorted.insert(sum);
    }
    EXPECT_TRUE(sorted.contains(wanted));
  }
}

TEST(Sums, GiveEveryBlockItsOwnCoefficients) {
  SumOfColumns s({{3, 2}});
  for (std::size_t r = 30; r < 60; ++r) s.goal.values[r] *= 5;
  EXPECT_GT(single_columns(s.library, s.goal, false).front().left, 1);
  s.goal.begin = {0, 30, 60};
  const Choice best = single_columns(s.library, s.goal, false).front();
  EXPECT_EQ(best.a, 3U);
  EXPECT_NEAR(best.left, 0, 1e-9);
}

}  // namespace
}  // namespace energylens::search
