// SPDX-License-Identifier: Apache-2.0
#include "search/fit/fit.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "numerics/dense.hpp"
#include "search/frozen.hpp"
#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

Options power_laws(Loss loss, bool positive) {
  Options o = small_search();
  o.loss = loss;
  o.real_exponents = true;
  o.positive_coefficients = positive;
  return o;
}

Tree tree_of(const Bench& bench, const std::string& text,
             std::vector<std::string> parameters = {"a", "b", "c", "d"}) {
  Tree tree{{from_expr(expr::parse(text, {parameters, {}, "formula"}), bench.primitives.names)}};
  canonicalise(tree, bench.primitives.positive);
  return tree;
}

Fitted fitted(const Bench& bench, Tree tree, int starts = 3, int steps = 40) {
  FitSettings settings = bench.context.fit;
  settings.starts = starts;
  settings.steps = steps;
  FitWorkspace workspace(bench.dataset);
  return fit_constants(tree, settings, workspace);
}

TEST(Fit, FindsTheConstantsThatMadeTheData) {
  for (const Loss loss : {Loss::absolute, Loss::relative, Loss::log_error}) {
    for (const bool positive : {false, true}) {
      const Bench bench(sample_problem("3 + 0.5*x^1.7*y^-0.4", {{"x"}, {"y"}}), power_laws(loss, positive));
      const Fitted f = fitted(bench, tree_of(bench, "a + x^b*y^c"));
      EXPECT_LT(f.loss, 1e-20) << static_cast<int>(loss) << positive;
      std::vector<double> found = f.coefficients;
      found.insert(found.end(), f.inner.begin(), f.inner.end());
      std::sort(found.begin(), found.end());
      EXPECT_THAT(found,
                  testing::Pointwise(testing::DoubleNear(1e-6), std::vector<double>{-0.4, 0.5, 1.7, 3}));
    }
  }
}

TEST(Fit, GivesGroupsTheirOwnCoefficientsAndSharedExponents) {
  Problem p = sample_problem("2*x^0.6 + y", {{"x"}, {"y"}}, "1", 80);
  for (std::size_t i = 0; i < 80; ++i) {
    p.groups.push_back(i % 2);
    if (i % 2 == 1) p.target[i] = 5 * std::pow(p.inputs[0].values[i], 0.6) + 3 * p.inputs[1].values[i];
  }
  Options o = power_laws(Loss::log_error, true);
  o.coefficients = Scope::per_group;
  const Bench bench(p, o);
  const Fitted f = fitted(bench, tree_of(bench, "x^b + y"));
  ASSERT_EQ(f.coefficients.size(), 4u);
  ASSERT_EQ(f.inner.size(), 1u);
  EXPECT_LT(f.loss, 1e-20);
  EXPECT_NEAR(f.inner[0], 0.6, 1e-8);
  EXPECT_NEAR(f.coefficients[0] + f.coefficients[1], 3, 1e-6);
  EXPECT_NEAR(f.coefficients[2] + f.coefficients[3], 8, 1e-6);

  o.exponents = Scope::per_group;
  for (std::size_t i = 1; i < 80; i += 2)
    p.target[i] = 5 * std::pow(p.inputs[0].values[i], 0.9) + 3 * p.inputs[1].values[i];
  const Bench own(p, o);
  const Fitted g = fitted(own, tree_of(own, "x^b + y"));
  ASSERT_EQ(g.inner.size(), 2u);
  EXPECT_NEAR(g.inner[0], 0.6, 1e-6);
  EXPECT_NEAR(g.inner[1], 0.9, 1e-6);
}

TEST(Fit, PositiveCoefficientsComeOutAsZeroWhereTheyWouldBeNegative) {
  const Bench bench(sample_problem("5*x - 0.2*y", {{"x"}, {"y"}}), power_laws(Loss::relative, true));
  const Fitted f = fitted(bench, tree_of(bench, "x + y"));
  EXPECT_EQ(*std::min_element(f.coefficients.begin(), f.coefficients.end()), 0);
}

TEST(Fit, SaysThatATermIsRedundant) {
  const Bench bench(sample_problem("5*x + y", {{"x"}, {"y"}}), power_laws(Loss::relative, false));
  Tree tree = tree_of(bench, "x + y");
  tree.parts[0].push_back(tree.parts[0][0]);
  EXPECT_TRUE(fitted(bench, tree).redundant);
}

// Frozen set: forms with two to six constants on noisy data. "Fitted" means within 1 % of the best of 60
// starts.
TEST(Fit, ComesWithinOnePercentOfManyStarts) {
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"x^a*y^b", "2*x^0.7*y^-0.3"},
      {"x^a + y^b", "2*x^0.7 + 3*y^1.4"},
      {"z + x^a*y^b", "4*z + 2*x^1.2*y^0.4"},
      {"x*(y + d)^b", "3*x*(y + 2)^0.5"},
      {"x^a + y^b + z^c", "x^2.1 + 5*y^0.5 + z"},
      {"exp(a*x) + y", "exp(0.4*x) + 3*y"},
      {"x/(y + a)", "7*x/(y + 0.6)"},
      {"x^a*z + y^b*z", "2*x^0.3*z + 0.5*y^1.6*z"},
  };
  std::size_t good = 0, all = 0;
  for (const auto& [form, truth] : forms) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const Problem p = sample_problem(truth, {{"x"}, {"y"}, {"z"}}, "1", 50, 0.03, seed);
      const Bench bench(p, power_laws(seed % 2 ? Loss::log_error : Loss::relative, true));
      const double quick =
          fitted(bench, tree_of(bench, form), bench.context.fit.starts, bench.context.fit.steps).loss;
      const double best = fitted(bench, tree_of(bench, form), 60, 100).loss;
      good += quick <= 1.01 * best ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GE(static_cast<double>(good), 0.95 * static_cast<double>(all)) << good << " of " << all;
}

TEST(Fit, KeepsConstantsInTheirBounds) {
  Problem p = sample_problem("x", {{"x"}, {"y"}});
  for (std::size_t i = 0; i < p.rows(); ++i) p.target[i] = p.inputs[0].values[i] > 4.5 ? 1e6 : 1;
  const Bench step(p, power_laws(Loss::log_error, true));
  EXPECT_LE(std::fabs(fitted(step, tree_of(step, "x^a")).inner[0]), 8);

  const Bench falling(sample_problem("x*(10 - 1.5*y)", {{"x"}, {"y"}}), power_laws(Loss::log_error, true));
  FitSettings settings = falling.context.fit;
  for (const bool positive : {true, false}) {
    settings.positive_inner = positive;
    Tree tree = tree_of(falling, "x*(1 + a*y)");
    FitWorkspace workspace(falling.dataset);
    const double number = fit_constants(tree, settings, workspace).inner[0];
    EXPECT_NEAR(number, positive ? 0 : -0.15, 1e-4);
  }
}

// The Karush-Kuhn-Tucker conditions: the derivative of the loss is 0 for coefficients above 0, and not
// negative for those at 0.
TEST(Fit, PositiveCoefficientsOfLogErrorsAreOptimal) {
  std::size_t zeros = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Problem p = sample_problem("x + 3*y^2/x", {{"x"}, {"y"}, {"z"}}, "1", 60, 0.3, seed);
    Problem distorted = p;
    for (double& y : distorted.target) y = std::fabs(y);
    const Bench bench(distorted, power_laws(Loss::log_error, true));
    const Tree tree = tree_of(bench, "1 + x + y + z + y^2/x + z/x");
    FitSettings settings = bench.context.fit;
    settings.tolerance = 1e-12;
    Tree copy = tree;
    FitWorkspace workspace(bench.dataset);
    const Fitted f = fit_constants(copy, settings, workspace);
    const std::vector<double> model = predict_rows(copy, f, bench.dataset);
    Scratch scratch;
    TermEvaluator evaluator(bench.dataset, scratch);
    std::vector<double> column(60);
    for (std::size_t k = 0; k < f.coefficients.size(); ++k) {
      evaluator.term(copy.parts[0][k], column.data(), nullptr);
      double slope = 0,
             size = 0;  // of the loss by the coefficient, and what it would be were errors not to cancel
      for (std::size_t i = 0; i < 60; ++i) {
        const double part = std::log(model[i] / bench.dataset.target[i]) * column[i] / model[i];
        slope += part;
        size += std::fabs(part);
      }
      zeros += f.coefficients[k] == 0 ? 1 : 0;
      if (f.coefficients[k] > 0) {
        EXPECT_LT(slope, 1e-3 * size);
      }
      EXPECT_GT(slope, -1e-3 * size) << seed << ' ' << k;
    }
  }
  EXPECT_GT(zeros, 10u);
}

// The frozen set of bench/formulas, every fourth of them: within 1 % of the best of 25 full descents on 95 %.
TEST(Fit, FrozenFormulasComeWithinOnePercentOfManyDescents) {
  const Bench bench = frozen_problem(50, Loss::log_error);
  const std::vector<Tree> trees = frozen_formulas(bench, "fit");
  Rng rng(5);
  FitWorkspace workspace(bench.dataset);
  std::size_t good = 0, all = 0;
  for (std::size_t t = 0; t < trees.size(); t += 4) {
    Tree tree = trees[t];
    good += fit_constants(tree, bench.context.fit, workspace).loss <=
                    1.01 * least_loss(bench, workspace, trees[t], rng)
                ? 1
                : 0;
    ++all;
  }
  EXPECT_GE(static_cast<double>(good), 0.95 * static_cast<double>(all)) << good << " of " << all;
}

TEST(Dataset, ThinnedKeepsRowsWithTheirPoints) {
  Problem p = sample_problem("x*y", {{"x"}, {"y"}}, "1", 300);
  Options o = power_laws(Loss::relative, true);
  for (const bool shares : {false, true}) {
    p.groups.clear();
    p.shares.clear();
    p.target.resize(shares ? 150 : 300, 1);
    for (std::size_t i = 0; i < p.rows(); ++i) {
      p.groups.push_back(i % 5 == 0 ? 1 : 0);
      if (!shares) continue;
      p.shares.push_back({i, 2 * i, 3.0});  // row i is three times one point and the next
      p.shares.push_back({i, 2 * i + 1, 1.0});
      p.target[i] = 1.0 + static_cast<double>(i);
    }
    const Bench bench(p, o);
    const Dataset thin = thinned(bench.dataset, 50);
    EXPECT_GE(thin.rows, 50u);
    EXPECT_LE(thin.rows, 60u);
    ASSERT_EQ(thin.group_begin.size(), 3u);
    EXPECT_GE(thin.group_begin[2] - thin.group_begin[1], 10u);
    EXPECT_NEAR(std::accumulate(thin.weight.begin(), thin.weight.end(), 0.0), 1, 1e-12);
    std::vector<double> all(bench.dataset.rows), some(thin.rows);
    bench.dataset.add_up(bench.dataset.columns[0].data(), all.data());
    thin.add_up(thin.columns[0].data(), some.data());
    for (std::size_t i = 0; i < thin.rows; ++i) {
      const auto& rows = bench.dataset.original_row;
      const auto at =
          static_cast<std::size_t>(std::find(rows.begin(), rows.end(), thin.original_row[i]) - rows.begin());
      EXPECT_EQ(some[i], all[at]);
      EXPECT_EQ(thin.target[i], bench.dataset.target[at]);
    }
  }
}

TEST(SmallSystem, AgreesWithTheDenseSolvers) {
  Rng rng(6);
  for (int round = 0; round < 50; ++round) {
    const std::size_t rows = 20, n = 1 + rng.below(6);
    std::vector<double> a(rows * n), b(rows);
    for (double& v : a) v = rng.normal();
    for (double& v : b) v = rng.normal();
    SmallSystem system;
    system.reset(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t r = 0; r < rows; ++r) system.b(i) += a[i * rows + r] * b[r];
      for (std::size_t j = 0; j <= i; ++j) {
        for (std::size_t r = 0; r < rows; ++r) system.a(i, j) += a[i * rows + r] * a[j * rows + r];
      }
    }
    std::vector<double> x;
    system.solve(x);
    EXPECT_THAT(x,
                testing::Pointwise(testing::DoubleNear(1e-9), numerics::linear_least_squares(a, rows, n, b)));
    system.solve_nonnegative(x);
    EXPECT_THAT(
        x, testing::Pointwise(testing::DoubleNear(1e-9), numerics::nonnegative_least_squares(a, rows, n, b)));
  }
}

}  // namespace
}  // namespace energylens::search
