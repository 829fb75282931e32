// SPDX-License-Identifier: Apache-2.0
// The computed reductions agree with fits of the formulas that have the column.
#include "search/generate/rss_reduction.hpp"

#include <gtest/gtest.h>

#include "search/members.hpp"

namespace energylens::search {
namespace {

TEST(RssReduction, IsTheFallOfTheSquaredError) {
  Options o = small_search();
  o.coefficients = Scope::per_group;
  const Bench bench(two_groups(), o);
  const Goal goal = goal_of(bench.context, 1);
  Library columns = library(bench.context, goal);
  add_sums_of_two(bench.context, goal, columns);
  const Member member = member_of(bench, "a*x + b*y*z + c*x*y");
  std::vector<std::vector<double>> terms;
  for (const Term& t : member.tree.parts[0]) terms.push_back(column_of(bench.context, goal, 0, t));
  RssReduction reduction(columns, goal, false);
  reduction.set_terms(terms, std::vector<bool>(6, true));
  CandidateEvaluator evaluator(bench.context);
  const auto loss = [&](const Tree& tree) { return evaluator.evaluate(tree, nullptr).value().loss(); };
  std::size_t compared = 0;
  for (const std::optional<std::size_t> left_out :
       {std::optional<std::size_t>{}, std::optional<std::size_t>{1}}) {
    Tree kept = member.tree;
    if (left_out) kept.parts[0].erase(kept.parts[0].begin() + 1);
    const double before = loss(kept);
    const std::vector<double> found = reduction.reductions(left_out);
    for (std::size_t c = 0; c < columns.terms.size(); c += 41) {
      Tree more = kept;
      more.parts[0].push_back(columns.terms[c]);
      const std::optional<Member> fitted = evaluator.evaluate(more, nullptr);
      if (!fitted || fitted->fitted.inner.size() > 0) continue;
      EXPECT_NEAR(found[c], before - fitted->loss(), 1e-6 * before) << "column " << c;
      ++compared;
    }
  }
  EXPECT_GT(compared, 20U);
}

TEST(RssReduction, IsNoneForATermThatWouldBeNegative) {
  const Bench bench(sample_problem("5*x - y", {{"x"}, {"y", "1", 1, 2}}, "1"));
  const Goal goal = goal_of(bench.context, 1);
  const Library columns = library(bench.context, goal);
  const Member member = member_of(bench, "a*x");
  for (const bool positive : {false, true}) {
    RssReduction reduction(columns, goal, positive);
    reduction.set_terms({column_of(bench.context, goal, 0, member.tree.parts[0][0])}, {true});
    const std::vector<double> found = reduction.reductions(std::nullopt);
    for (std::size_t c = 0; c < found.size(); ++c) {
      const std::vector<Factor>& f = columns.terms[c].factors;
      if (f.size() == 1 && f[0].kind == Factor::Kind::input && f[0].input == 1 && f[0].exponent == 1) {
        EXPECT_EQ(found[c] > 0, !positive);
      }
    }
  }
}

TEST(RssReduction, IsNoneForAColumnThatTheFormulaHas) {
  const Bench bench(sample_problem("3*x + 2*y", {{"x"}, {"y"}}));
  const Goal goal = goal_of(bench.context, 1);
  const Library columns = library(bench.context, goal);
  RssReduction reduction(columns, goal, false);
  const Member member = member_of(bench, "a*x");
  reduction.set_terms({column_of(bench.context, goal, 0, member.tree.parts[0][0])}, {true});
  const std::vector<double> with = reduction.reductions(std::nullopt);
  const std::vector<double> without = reduction.reductions(0);
  std::size_t best = 0, same = columns.terms.size();
  for (std::size_t c = 0; c < columns.terms.size(); ++c) {
    if (with[c] > with[best]) best = c;
    const std::vector<Factor>& f = columns.terms[c].factors;
    if (f.size() == 1 && f[0].kind == Factor::Kind::input && f[0].input == 0 && f[0].exponent == 1) same = c;
  }
  ASSERT_LT(same, columns.terms.size());
  EXPECT_EQ(with[same], 0) << "a second column of x";
  EXPECT_GT(without[same], 0.1);
  ASSERT_EQ(columns.terms[best].factors.size(), 1U);
  EXPECT_EQ(columns.terms[best].factors[0].input, 1) << "y is what is missing";
}

}  // namespace
}  // namespace energylens::search
