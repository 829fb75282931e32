// SPDX-License-Identifier: Apache-2.0
// A transformation and its slope agree, and a term that equals z gives a formula that equals y.
#include "search/generate/target_transformation.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "search/fit/term_evaluator.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

using expr::Op;

const TargetTransformation kTransformations[] = {
    {1, Op::constant, 1}, {-1, Op::constant, -1}, {2, Op::constant, 1}, {-2, Op::constant, 0},
    {1, Op::asin, 0},     {1, Op::acos, 0},       {1, Op::log, 1}};

TEST(TargetTransformation, HasTheSlopeOfItsValues) {
  for (const TargetTransformation& z : kTransformations) {
    const double y = 0.7, h = 1e-6;
    EXPECT_NEAR(z.slope(y), (z.value(y + h) - z.value(y - h)) / (2 * h), 1e-7 * std::fabs(z.slope(y)) + 1e-8);
  }
}

TEST(TargetTransformation, GivesTheFormulaOfTheTarget) {
  // The column x holds z at every row, so that the term "x" equals z.
  for (const TargetTransformation& z : kTransformations) {
    Problem p = sample_problem("x", {{"x"}}, "1", 20);
    for (std::size_t i = 0; i < p.rows(); ++i) {
      p.target[i] = 0.1 + 0.04 * static_cast<double>(i);
      p.inputs[0].values[i] = z.value(p.target[i]);
    }
    Options o = small_search();
    o.operators = parse_operators("+,-,*,/,^,sqrt,log,asin,acos");
    const Bench bench(p, o);
    const Tree tree = z.tree(Term{1, true, {input_factor(0)}});
    Scratch scratch;
    TermEvaluator evaluator(bench.dataset, scratch);
    std::vector<double> column(bench.dataset.points), total(bench.dataset.points, 0.0);
    for (const Term& term : tree.parts[0]) {
      evaluator.term(term, column.data(), nullptr);
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += term.coefficient * column[i];
    }
    for (std::size_t i = 0; i < total.size(); ++i)
      EXPECT_NEAR(total[i], bench.dataset.target[i], 1e-9) << static_cast<int>(z.outer) << ' ' << z.exponent;
  }
}

TEST(TargetTransformations, ArePlainNumbersOnly) {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,log,asin");
  const Bench number(sample_problem("x*y/30", {{"x"}, {"y"}}), o);
  const Bench length(sample_problem("x*y", {{"x", "byte"}, {"y"}}, "byte"), o);
  EXPECT_FALSE(target_transformations(number.context).empty());
  EXPECT_TRUE(target_transformations(length.context).empty()) << "1 cannot be subtracted from a length";
}

TEST(TargetTransformations, FitTheRangeOfTheTarget) {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,asin");
  const auto has_asin = [&](const std::string& formula) {
    const Bench bench(sample_problem(formula, {{"x"}, {"y"}}), o);
    for (const TargetTransformation& z : target_transformations(bench.context)) {
      if (z.outer == Op::asin) return true;
    }
    return false;
  };
  EXPECT_TRUE(has_asin("x*y/30"));
  EXPECT_FALSE(has_asin("x*y")) << "beyond pi/2";
}

}  // namespace
}  // namespace energylens::search
