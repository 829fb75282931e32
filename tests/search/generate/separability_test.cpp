// SPDX-License-Identifier: Apache-2.0
// Known decompositions are found, and where there is none, none is found. A formula of the quotient becomes
// one of the target again.
#include "search/generate/separability.hpp"

#include <gtest/gtest.h>

#include "search/members.hpp"

namespace energylens::search {
namespace {

std::vector<std::string> inputs_left(const SeparatedProblem& separated) {
  return separated.context().primitives.names;
}

TEST(Separability, FindsInputsThatMultiplyTheRest) {
  const Bench bench(sample_problem("a^2/b*(x + y^2)", {{"a"}, {"b"}, {"x"}, {"y"}}, "1", 300));
  const auto separated = SeparatedProblem::find(bench.context, bench.problem);
  ASSERT_TRUE(separated);
  EXPECT_EQ(inputs_left(*separated), (std::vector<std::string>{"x", "y"}));
  const Dataset& rest = separated->context().dataset;
  for (std::size_t i = 0; i < rest.rows; ++i) {
    const double x = rest.columns[0][i], y = rest.columns[1][i];
    EXPECT_NEAR(rest.target[i], x + y * y, 1e-9 * rest.target[i]);
  }
}

TEST(Separability, FindsNothingWhereAllInputsAreAddedUp) {
  const Bench bench(sample_problem("a*x + y + b^2", {{"a"}, {"b"}, {"x"}, {"y"}}, "1", 300));
  EXPECT_FALSE(SeparatedProblem::find(bench.context, bench.problem));
}

TEST(Separability, FindsNothingWhereNoInputWouldBeLeft) {
  const Bench bench(sample_problem("a^2*b", {{"a"}, {"b"}}, "1", 100));
  EXPECT_FALSE(SeparatedProblem::find(bench.context, bench.problem));
}

TEST(Separability, RestoresAFormulaOfTheWhole) {
  const Bench bench(sample_problem("a^2*(3*x + y)", {{"a"}, {"x"}, {"y"}}, "1", 300));
  const auto separated = SeparatedProblem::find(bench.context, bench.problem);
  ASSERT_TRUE(separated);
  CandidateEvaluator evaluator(bench.context);
  const Tree rest{{{Term{3, true, {input_factor(0)}}, Term{1, true, {input_factor(1)}}}}};
  const std::optional<Member> whole = evaluator.evaluate(separated->restore(rest), nullptr);
  ASSERT_TRUE(whole);
  EXPECT_LT(whole->loss(), 1e-20);
}

TEST(Separability, DividesByAGivenFactor) {
  const Bench bench(sample_problem("exp(x)*(x + y)", {{"x"}, {"y"}}, "1", 100));
  Factor f;
  f.kind = Factor::Kind::function;
  f.function = expr::Op::exp;
  f.argument = {Term{1, false, {input_factor(0)}}};
  const auto separated = SeparatedProblem::divide({f}, bench.context, bench.problem);
  ASSERT_TRUE(separated);
  EXPECT_EQ(inputs_left(*separated).size(), 2U) << "x occurs in the rest, too";
  const Dataset& rest = separated->context().dataset;
  EXPECT_NEAR(rest.target[0], rest.columns[0][0] + rest.columns[1][0], 1e-9 * rest.target[0]);
}

}  // namespace
}  // namespace energylens::search
