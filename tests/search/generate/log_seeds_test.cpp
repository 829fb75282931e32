// SPDX-License-Identifier: Apache-2.0
// Products from logarithms: the basis, the exponents, the signs.
#include "search/generate/log_seeds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "search/fit/candidate_evaluator.hpp"
#include "search/generate/log_products.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

double least_loss_of_log_seeds(const Bench& bench, bool transformed) {
  std::vector<Tree> trees;
  add_log_seeds(bench.context, transformed, {}, trees);
  CandidateEvaluator evaluator(bench.context);
  double least = 1;
  for (Tree& tree : trees) {
    if (const std::optional<Member> m = evaluator.evaluate(std::move(tree), nullptr))
      least = std::min(least, m->loss());
  }
  return least;
}

TEST(LogBasis, SolvesLeastSquaresAndIgnoresDependentColumns) {
  LogBasis basis;
  const std::vector<double> one = {1, 1, 1, 1}, x = {1, 2, 3, 5}, twice = {2, 4, 6, 10};
  basis.add(one);
  basis.add(x);
  basis.add(twice);
  std::vector<double> goal, shares;
  for (std::size_t i = 0; i < 4; ++i) goal.push_back(4 - 3 * x[i]);
  basis.project(goal, &shares);
  EXPECT_THAT(goal, testing::Each(testing::DoubleNear(0, 1e-12)));
  EXPECT_THAT(basis.solve(shares),
              testing::Pointwise(testing::DoubleNear(1e-12), std::vector<double>{4, -3, 0}));
}

TEST(LogProblem, LeavesNothingOfAPlainProduct) {
  const Bench product(sample_problem("7*x^2/y", {{"x"}, {"y"}}));
  const LogProblem plain(product.context, {});
  ASSERT_TRUE(plain.solvable());
  EXPECT_THAT(plain.rest, testing::Each(testing::DoubleNear(0, 1e-9)));
  const Bench sum(sample_problem("x + y", {{"x"}, {"y"}}));
  EXPECT_THAT(LogProblem(sum.context, {}).rest,
              testing::Contains(testing::Not(testing::DoubleNear(0, 1e-4))));
}

TEST(LogProblem, HasNoLogarithmOfZero) {
  Problem p = sample_problem("x*y", {{"x"}, {"y"}});
  p.target[0] = 0;
  EXPECT_FALSE(LogProblem(Bench(p).context, {}).solvable());
}

TEST(LogProducts, RoundExponentsOfAFactorOnlyWhereSignsAgree) {
  // x - y has both signs and z = (x - y)^2 has one, so only an even power of x - y can equal z.
  const Bench bench(sample_problem("(x - y)^2", {{"x"}, {"y"}}));
  const LogProblem problem(bench.context, {});
  std::vector<LogCandidate> candidates = log_candidates(problem, {});
  const auto difference = std::find_if(candidates.begin(), candidates.end(), [](const LogCandidate& c) {
    return c.factor.kind == Factor::Kind::bracket && c.factor.argument.size() == 2 && !c.sign.empty() &&
           c.factor.argument[1].coefficient == -1 && c.factor.argument[0].factors.size() == 1 &&
           c.factor.argument[1].factors.size() == 1;
  });
  ASSERT_NE(difference, candidates.end());
  std::vector<Tree> even, odd;
  add_product(problem, {{&*difference}, {2.02}}, even);
  add_product(problem, {{&*difference}, {1.01}}, odd);
  EXPECT_FALSE(even.empty());
  EXPECT_TRUE(odd.empty());
}

TEST(LogSeeds, FindAProductWithOneFactor) {
  EXPECT_LT(least_loss_of_log_seeds(Bench(sample_problem("2*x/(y + z)", {{"x"}, {"y"}, {"z"}})), false),
            1e-20);
}

TEST(LogSeeds, FindAProductWithTwoFactors) {
  const Bench bench(sample_problem("x*exp(-y)/(y + z)", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(least_loss_of_log_seeds(bench, false), 1e-20);
}

TEST(LogSeeds, FindProductsOfATransformedTargetOnlyWhenAsked) {
  const Bench bench(sample_problem("1/(1 + x*y)", {{"x"}, {"y"}}));
  EXPECT_LT(least_loss_of_log_seeds(bench, true), 1e-20);
}

TEST(LogSeeds, StopWhenCancelled) {
  const Bench bench(sample_problem("2*x/(y + z)", {{"x"}, {"y"}, {"z"}}));
  CancelToken cancel;
  cancel.cancel();
  std::vector<Tree> trees;
  RunOptions run;
  run.cancel = &cancel;
  add_log_seeds(bench.context, false, run, trees);
  EXPECT_TRUE(trees.empty());
}

TEST(LeadingFactors, AreTheFunctionsThatExplainMost) {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,sin,log");
  const Bench bench(sample_problem("x*sin(y)^2", {{"x"}, {"y", "1", 0.2, 1.4}}, "1", 200), o);
  const std::vector<Factor> found = leading_factors(bench.context, {});
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].function, expr::Op::sin);
  EXPECT_EQ(found[0].exponent, 2);
}

}  // namespace
}  // namespace energylens::search
