// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "expr/algebra.hpp"
#include "expr/generators.hpp"
#include "expr/reference.hpp"

namespace energylens::expr {
namespace {

std::string d(const char* text, const char* name = "x") {
  return print(derivative(parse(text), name));
}

TEST(Derivative, FollowsTheRules) {
  EXPECT_EQ(d("x"), "1");
  EXPECT_EQ(d("y + 3"), "0");
  EXPECT_EQ(d("2*x + y"), "2");
  EXPECT_EQ(d("x^2"), "2*x");
  EXPECT_EQ(d("x^3"), "3*x^2");
  EXPECT_EQ(d("x^y", "y"), "x^y*log(x)");
  EXPECT_EQ(d("exp(2*x)"), "exp(2*x)*2");
  EXPECT_EQ(d("log(x)"), "1/x");
  EXPECT_EQ(d("y/x"), "-(y/x)/x");
  EXPECT_EQ(d("sqrt(x)"), "1/(2*sqrt(x))");
  EXPECT_EQ(d("floor(x) + ceil(x) + step(x)"), "0");
  EXPECT_EQ(d("min(x, y)"), "step(y - x)");
  EXPECT_EQ(d("max(x, y)", "y"), "step(y - x)");
}

TEST(Derivative, IsTakenByParametersToo) {
  const std::vector<std::string> parameters{"a"};
  const Expr e = parse("a*x^a", {parameters, {}, "formula"});
  EXPECT_EQ(print(derivative(e, "a")), "x^a + a*(x^a*log(x))");
}

TEST(Derivative, AtTiesIsTheMeanOfBothSides) {
  EXPECT_EQ(reference_value<double>(derivative(parse("min(x, 3*x)"), "x"), {{"x", 0.0}}), 2);
  EXPECT_EQ(reference_value<double>(derivative(parse("abs(x)"), "x"), {{"x", 0.0}}), 0);
}

TEST(Derivative, DoesNotOverflowBeforeTheValueDoes) {
  const double slope = reference_value<double>(derivative(parse("x/y"), "y"), {{"x", 1e200}, {"y", 1e200}});
  EXPECT_DOUBLE_EQ(slope, -1e-200);
}

struct Agreement {
  int with_duals = 0, with_differences = 0;
};

// Largest of the parts of `e` and its slopes along `name`: what rounding errors are measured against.
double magnitude(const Expr& e, const std::map<std::string, Dual>& point) {
  double largest = 1;
  for (std::size_t i = 0; i < e.size(); ++i) {
    const Dual part = reference_value(e.subtree(i), point);
    largest = std::max({largest, std::fabs(part.value), std::fabs(part.slope), 1 / std::fabs(part.value)});
  }
  return largest;
}

// The derivative by `name` at `point`: against the textbook rules on dual numbers, and against central
// differences of two widths, where those agree with each other.
void expect_derivative(const Expr& e, const std::string& name, const std::map<std::string, double>& point,
                       Agreement& agreement) {
  std::map<std::string, Dual> dual_point;
  for (const auto& [key, value] : point) dual_point[key] = {value, key == name ? 1.0 : 0.0};
  const Dual dual = reference_value(e, dual_point);
  const double scale = magnitude(e, dual_point);
  if (!std::isfinite(dual.value) || !std::isfinite(dual.slope) || !(scale < 1e4)) return;
  const double slope = reference_value(derivative(e, name), point);
  EXPECT_NEAR(slope, dual.slope, 1e-11 * scale * scale) << print(e) << " by " << name;
  ++agreement.with_duals;

  const auto difference = [&](double width) {
    std::map<std::string, long double> above(point.begin(), point.end()), below = above;
    above[name] += width;
    below[name] -= width;
    return static_cast<double>((reference_value(e, above) - reference_value(e, below)) /
                               (2 * static_cast<long double>(width)));
  };
  const double wide = difference(2e-5), narrow = difference(1e-5);
  if (!(std::fabs(wide - narrow) < 1e-6 * scale)) return;
  EXPECT_NEAR(slope, narrow, 1e-5 * scale) << print(e) << " by " << name;
  ++agreement.with_differences;
}

Agreement check_points(const std::vector<Expr>& expressions, std::uint64_t seed) {
  Rng rng(seed);
  Agreement agreement;
  for (const Expr& e : expressions) {
    const std::map<std::string, double> point{{"x", 0.3 + 2 * rng.uniform()},
                                              {"y", -1.5 + 3 * rng.uniform()},
                                              {"isl", 0.5 + rng.uniform()},
                                              {"a0", 0.2 + rng.uniform()},
                                              {"b12", -1 + 2 * rng.uniform()}};
    for (const char* name : {"x", "a0"}) expect_derivative(e, name, point, agreement);
  }
  return agreement;
}

TEST(Derivative, AgreesWithDualNumbersAndDifferencesOnAllSmallExpressions) {
  const Vocabulary vocabulary{whole_vocabulary().operators, {"x", "y"}, {}, {2, -0.7}};
  std::vector<Expr> expressions;
  for (std::size_t nodes = 1; nodes <= 4; ++nodes) {
    for (Expr& e : all_expressions(vocabulary, nodes)) expressions.push_back(std::move(e));
  }
  const Agreement agreement = check_points(expressions, 3);
  EXPECT_GT(agreement.with_duals, static_cast<int>(expressions.size()));
  EXPECT_GT(agreement.with_differences, static_cast<int>(expressions.size()));
}

TEST(Derivative, AgreesWithDualNumbersAndDifferencesOnLargeExpressions) {
  Rng rng(11);
  std::vector<Expr> expressions;
  for (int i = 0; i < 5000; ++i) expressions.push_back(random_expression(rng, whole_vocabulary(), 25));
  const Agreement agreement = check_points(expressions, 4);
  EXPECT_GT(agreement.with_duals, 2000);
  EXPECT_GT(agreement.with_differences, 2000);
}

}  // namespace
}  // namespace energylens::expr
