// SPDX-License-Identifier: Apache-2.0
// Candidates are rejected for complexity, repetition and broken constraints, and fitted otherwise.
#include "search/fit/candidate_evaluator.hpp"

#include <gtest/gtest.h>

#include "search/samples.hpp"

namespace energylens::search {
namespace {

Term plain_term(std::vector<std::size_t> inputs) {
  Term term;
  for (const std::size_t i : inputs) term.factors.push_back(input_factor(i));
  return term;
}

TEST(CandidateEvaluator, FitsACandidateAndCountsIt) {
  const Bench bench(sample_problem("3*x + y", {{"x"}, {"y"}}));
  CandidateEvaluator evaluator(bench.context);
  const std::optional<Member> m = evaluator.evaluate(Tree{{{plain_term({0}), plain_term({1})}}}, nullptr);
  ASSERT_TRUE(m);
  EXPECT_LT(m->loss(), 1e-20);
  EXPECT_EQ(m->complexity, 7);
  EXPECT_EQ(evaluator.evaluations(), 1U);
}

TEST(CandidateEvaluator, RejectsWhatWasVisitedInAnyOrder) {
  const Bench bench(sample_problem("3*x + y", {{"x"}, {"y"}}));
  CandidateEvaluator evaluator(bench.context);
  VisitedSet visited;
  EXPECT_TRUE(evaluator.evaluate(Tree{{{plain_term({0}), plain_term({1})}}}, &visited));
  EXPECT_FALSE(evaluator.evaluate(Tree{{{plain_term({1}), plain_term({0})}}}, &visited));
  EXPECT_EQ(evaluator.duplicates(), 1U);
  visited.clear();
  EXPECT_TRUE(evaluator.evaluate(Tree{{{plain_term({1}), plain_term({0})}}}, &visited));
}

TEST(CandidateEvaluator, RejectsWhatIsTooComplex) {
  Options o = small_search();
  o.max_complexity = 6;
  const Bench bench(sample_problem("3*x + y", {{"x"}, {"y"}}), o);
  CandidateEvaluator evaluator(bench.context);
  EXPECT_FALSE(evaluator.evaluate(Tree{{{plain_term({0}), plain_term({1})}}}, nullptr));
  EXPECT_TRUE(evaluator.evaluate(Tree{{{plain_term({0})}}}, nullptr));
}

TEST(CandidateEvaluator, RemovesTermsWhosePositiveCoefficientIsZero) {
  Options o = small_search();
  o.positive_coefficients = true;
  const Bench bench(sample_problem("5*x - 0.2*y", {{"x"}, {"y"}}), o);
  CandidateEvaluator evaluator(bench.context);
  const std::optional<Member> m = evaluator.evaluate(Tree{{{plain_term({0}), plain_term({1})}}}, nullptr);
  ASSERT_TRUE(m);
  EXPECT_EQ(count_terms(m->tree), 1U);
}

TEST(CandidateEvaluator, RejectsAFormulaThatDecreasesWhereItMustNot) {
  Options o = small_search();
  const Problem p = sample_problem("1/x + y", {{"x"}, {"y"}});
  o.rising = {"y"};
  const Bench allowed(p, o);
  o.rising = {"x"};
  const Bench forbidden(p, o);
  Term inverse;
  inverse.factors = {input_factor(0, -1)};
  const Tree tree{{{inverse, plain_term({1})}}};
  EXPECT_TRUE(CandidateEvaluator(allowed.context).evaluate(tree, nullptr));
  EXPECT_FALSE(CandidateEvaluator(forbidden.context).evaluate(tree, nullptr));
}

TEST(VisitedSet, ForgetsTheOlderHashOfASlot) {
  VisitedSet visited(4);
  EXPECT_TRUE(visited.insert(9));
  EXPECT_FALSE(visited.insert(9));
  EXPECT_TRUE(visited.insert(13)) << "the same slot";
  EXPECT_TRUE(visited.insert(9));
}

}  // namespace
}  // namespace energylens::search
