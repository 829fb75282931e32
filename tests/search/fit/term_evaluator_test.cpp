// SPDX-License-Identifier: Apache-2.0
#include "search/fit/term_evaluator.hpp"

#include <gtest/gtest.h>

#include "search/generate/grow.hpp"
#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"

namespace energylens::search {
namespace {

struct Grown {
  Bench bench;
  std::vector<Term> terms;
};

Options wide() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp,log,min,max,abs,sin,cos,tanh,asin,acos");
  o.real_exponents = true;
  return o;
}

std::vector<Term> random_terms(const Bench& bench, std::size_t count) {
  Rng rng(5);
  Grower grower(bench.primitives, rng);
  std::vector<Term> out;
  while (out.size() < count) {
    Tree tree{{grower.part(0)}};
    canonicalise(tree, bench.primitives.positive);
    for (Term& term : tree.parts[0]) out.push_back(std::move(term));
  }
  return out;
}

std::vector<double> values(TermEvaluator& evaluator, const Term& term, std::size_t points) {
  std::vector<double> out(points);
  evaluator.term(term, out.data(), nullptr);
  return out;
}

TEST(TermEvaluator, AgreesWithTheExpression) {
  const Bench bench(sample_problem("x*y + z", {{"x"}, {"y"}, {"z", "1", -2, 2}}, "1", 37), wide());
  Scratch scratch;
  TermEvaluator evaluator(bench.dataset, scratch);
  std::vector<std::span<const double>> columns;
  for (const auto& column : bench.dataset.columns) columns.emplace_back(column);
  for (Term& term : random_terms(bench, 300)) {
    term.coefficient = 1;
    Sum alone{term};
    std::vector<double> parameters{1};
    for (const InnerConstant& c : inner_constants(alone)) parameters.push_back(*c.value);
    const PartExpr written = to_expr(alone, bench.primitives.names, bench.primitives.costs, "c", 0);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < parameters.size(); ++i) names.push_back("c" + std::to_string(i));
    std::vector<double> expected(37);
    expr::Workspace workspace;
    expr::Program(written.expr, bench.primitives.names, names)
        .evaluate(columns, parameters, expected, workspace);
    const std::vector<double> found = values(evaluator, term, 37);
    for (std::size_t i = 0; i < 37; ++i) {
      if (!std::isfinite(expected[i])) continue;
      ASSERT_NEAR(found[i], expected[i], 1e-9 * std::fabs(expected[i]) + 1e-300) << expr::print(written.expr);
    }
  }
}

TEST(TermEvaluator, SlopesAreCentralDifferences) {
  const Bench bench(sample_problem("x*y + z", {{"x"}, {"y"}, {"z"}}, "1", 11), wide());
  Scratch scratch;
  TermEvaluator evaluator(bench.dataset, scratch);
  std::size_t checked = 0;
  for (Term& term : random_terms(bench, 400)) {
    Sum alone{term};
    const std::vector<InnerConstant> inner = inner_constants(alone);
    std::vector<double> value(11);
    Slopes slopes;
    evaluator.term(alone[0], value.data(), &slopes);
    // The coefficient of the whole term is the first free number of `alone` only inside brackets.
    ASSERT_EQ(slopes.size(), inner.size());
    for (std::size_t j = 0; j < inner.size(); ++j) {
      const double at = *inner[j].value, h = 1e-5 * std::max(1.0, std::fabs(at));
      const auto moved = [&](double to) {
        *inner[j].value = to;
        const std::vector<double> there = values(evaluator, alone[0], 11);
        *inner[j].value = at;
        return there;
      };
      const std::vector<double> above = moved(at + h), below = moved(at - h);
      const std::vector<double> nearer = moved(at + h / 4), near_below = moved(at - h / 4);
      for (std::size_t i = 0; i < 11; ++i) {
        const double expected = (above[i] - below[i]) / (2 * h);
        const double closer = 2 * (nearer[i] - near_below[i]) / h;
        if (!(std::fabs(expected - closer) < 5e-5 * std::fabs(expected) + 1e-7))
          continue;  // beyond differences
        if (!std::isfinite(expected) || !std::isfinite(value[i]) || std::fabs(value[i]) > 1e4) continue;
        const double curved = std::fabs(above[i] - 2 * value[i] + below[i]) / h;  // a kink or a pole is near
        if (curved > 1e-2 * (std::fabs(expected) + std::fabs(value[i]))) continue;
        ASSERT_NEAR(slopes[j][i], expected, 1e-4 * (std::fabs(expected) + std::fabs(value[i])) + 1e-6);
        ++checked;
      }
    }
    evaluator.give_back(slopes);
  }
  EXPECT_GT(checked, 500u);
}

}  // namespace
}  // namespace energylens::search
