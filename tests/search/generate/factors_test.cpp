// SPDX-License-Identifier: Apache-2.0
// The brackets and functions that laws are made of are listed, by degree, well typed.
#include "search/generate/factors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

Options functions_of_angles() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp:2,log:2,sin:2");
  return o;
}

std::vector<std::string> listed_factors(const Bench& bench, std::size_t most) {
  std::vector<std::string> out;
  for (const GradedFactor& graded : factor_library(bench.primitives, bench.primitives.parts[0], most)) {
    const Sum alone{Term{1, false, {graded.factor}}};
    out.push_back(expr::print(to_expr(alone, bench.primitives.names, bench.primitives.costs, "c", 0).expr));
  }
  return out;
}

TEST(Factors, HaveTheBracketsAndFunctionsOfLaws) {
  const Bench bench(sample_problem("x + y + z", {{"x", "byte"}, {"y", "byte"}, {"z"}}, "byte"),
                    functions_of_angles());
  const std::vector<std::string> all = listed_factors(bench, 4000);
  for (const char* wanted : {"x + y", "x - y", "sin(z)", "exp(z)", "log(z)"})
    EXPECT_THAT(all, testing::Contains(std::string(wanted)));
}

TEST(Factors, AreSortedByDegreeAndAsManyAsAsked) {
  const Bench bench(sample_problem("x + y", {{"x"}, {"y"}}), functions_of_angles());
  const std::vector<GradedFactor> few = factor_library(bench.primitives, bench.primitives.parts[0], 50);
  EXPECT_LE(few.size(), 50U);
  EXPECT_GT(few.size(), 20U);
  for (std::size_t i = 1; i < few.size(); ++i) EXPECT_LE(few[i - 1].degree, few[i].degree);
}

TEST(Factors, AreWellTyped) {
  const Bench bench(physical_problem(), functions_of_angles());
  std::size_t count = 0;
  for (const GradedFactor& graded : factor_library(bench.primitives, bench.primitives.parts[0], 4000)) {
    Dims dims;
    EXPECT_TRUE(typed(Term{1, false, {graded.factor}}, bench.primitives, dims));
    ++count;
  }
  EXPECT_GT(count, 100U);
}

TEST(Factors, HaveNoDifferencesWithoutTheOperator) {
  Options o = small_search();
  o.operators = parse_operators("+,*,/,^");
  const Bench bench(sample_problem("x + y", {{"x"}, {"y"}}), o);
  for (const std::string& text : listed_factors(bench, 1000))
    EXPECT_EQ(text.find(" - "), std::string::npos) << text;
}

TEST(Factors, WithFreeNumbersFitAllButTheFirstOfABracket) {
  Factor f;
  f.kind = Factor::Kind::bracket;
  f.argument = {Term{1, false, {input_factor(0)}}, Term{2, false, {input_factor(1)}}};
  const Factor bracket = with_free_numbers(f);
  EXPECT_FALSE(bracket.argument[0].free) << "the scale of a bracket belongs to the coefficient outside";
  EXPECT_TRUE(bracket.argument[1].free);
  f.kind = Factor::Kind::function;
  f.function = expr::Op::sin;
  f.argument.resize(1);
  EXPECT_TRUE(with_free_numbers(f).argument[0].free);
}

}  // namespace
}  // namespace energylens::search
