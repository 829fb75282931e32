// SPDX-License-Identifier: Apache-2.0
// What a formula computes at a point of a box lies within its enclosure, whatever the formula: no tolerance.
#include "energylens/expr/interval.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "energylens/core/rng.hpp"
#include "expr/generators.hpp"
#include "expr/program.hpp"

namespace energylens::expr {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Interval enclosed(std::string_view formula, std::vector<std::string> names, std::vector<Interval> box) {
  std::vector<Interval> stack;
  return IntervalProgram(parse(formula), names).enclose(box, stack);
}

Interval random_range(Rng& rng) {
  const double scale = std::exp(6 * rng.normal());
  const double a = rng.uniform() < 0.1 ? 0 : scale * rng.normal();
  const double b = rng.uniform() < 0.2 ? a : a + scale * rng.uniform();
  return {std::min(a, b), std::max(a, b), true};
}

double random_point(Rng& rng, const Interval& x) {
  const double u = rng.uniform();
  if (u < 0.15) return x.lo;
  if (u < 0.3) return x.hi;
  return std::clamp(x.lo + (x.hi - x.lo) * rng.uniform(), x.lo, x.hi);
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Random points of random boxes. `tame` formulas have a value wherever the enclosure says so; in others
/// parts may overflow.
void expect_contained(const Expr& e, const Vocabulary& vocabulary, std::uint64_t seed, bool tame) {
  const std::vector<std::string> names = joined(vocabulary.variables, vocabulary.parameters);
  Rng rng(seed);
  const IntervalProgram enclosure(e, names);
  const Program program(e, vocabulary.variables, vocabulary.parameters);
  const std::size_t variables = vocabulary.variables.size();
  std::vector<Interval> stack;
  for (int i = 0; i < 20; ++i) {
    std::vector<Interval> box;
    for (std::size_t j = 0; j < names.size(); ++j) box.push_back(random_range(rng));
    const Interval range = enclosure.enclose(box, stack);
    RC_ASSERT(range.lo <= range.hi);
    for (int k = 0; k < 10; ++k) {
      std::vector<double> point;
      for (const Interval& x : box) point.push_back(random_point(rng, x));
      const std::span<const double> all(point);
      const double value = program.evaluate(all.first(variables), all.subspan(variables));
      if (std::isnan(value)) {
        RC_ASSERT(!tame || !range.defined);
      } else if (range.defined) {
        RC_ASSERT(range.contains(value));
      }
    }
  }
}

RC_GTEST_PROP(Intervals, HoldWhatAnyFormulaComputes, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 25);
  expect_contained(e, whole_vocabulary(), *rc::gen::arbitrary<std::uint64_t>(), false);
}

RC_GTEST_PROP(Intervals, HoldWhatArithmeticComputesAndSayWhereThereIsNoValue, ()) {
  const Expr e = *any_expression(arithmetic_vocabulary(), 15);
  expect_contained(e, arithmetic_vocabulary(), *rc::gen::arbitrary<std::uint64_t>(), true);
}

RC_GTEST_PROP(Intervals, ShrinkWithTheBox, ()) {
  const Expr e = *any_expression(transcendental_vocabulary(), 20);
  const std::vector<std::string> names{"x1", "x2", "x3", "x4", "x5"};
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  std::vector<Interval> outer, inner, stack;
  for (std::size_t j = 0; j < names.size(); ++j) {
    outer.push_back(random_range(rng));
    const double a = random_point(rng, outer.back()), b = random_point(rng, outer.back());
    inner.push_back({std::min(a, b), std::max(a, b), true});
  }
  const IntervalProgram program(e, names);
  const Interval wide = program.enclose(outer, stack), narrow = program.enclose(inner, stack);
  RC_PRE(wide.defined);
  RC_ASSERT(narrow.defined && narrow.lo >= wide.lo && narrow.hi <= wide.hi);
}

TEST(Intervals, OfEveryOperatorAreTight) {
  struct Case {
    const char* formula;
    Interval x;
    double lo, hi;
  };
  const double half_pi = std::acos(0.0);
  for (const Case& c : {Case{"x + 1", {1, 2, true}, 2, 3},
                        {"1 - x", {1, 2, true}, -1, 0},
                        {"-2*x", {-1, 3, true}, -6, 2},
                        {"6/x", {2, 3, true}, 2, 3},
                        {"x^2", {-3, 2, true}, 0, 9},
                        {"x^3", {-3, 2, true}, -27, 8},
                        {"x^-2", {2, 4, true}, 1 / 16., 0.25},
                        {"x^0.5", {4, 9, true}, 2, 3},
                        {"x^-0.5", {4, 16, true}, 0.25, 0.5},
                        {"2^x", {-1, 3, true}, 0.5, 8},
                        {"x^x", {1, 2, true}, 1, 4},
                        {"min(x, 1)", {0, 3, true}, 0, 1},
                        {"max(x, 1)", {0, 3, true}, 1, 3},
                        {"-x", {0, 3, true}, -3, 0},
                        {"exp(x)", {0, 1, true}, 1, std::exp(1.0)},
                        {"log(x)", {1, 2, true}, 0, std::log(2.0)},
                        {"sqrt(x)", {0, 4, true}, 0, 2},
                        {"abs(x)", {-3, 2, true}, 0, 3},
                        {"abs(x)", {-3, -2, true}, 2, 3},
                        {"floor(x)", {1.5, 3.5, true}, 1, 3},
                        {"ceil(x)", {1.5, 3.5, true}, 2, 4},
                        {"step(x)", {-1, 1, true}, 0, 1},
                        {"sin(x)", {0, 3, true}, 0, 1},
                        {"sin(x)", {-half_pi, 0.0, true}, -1, 0},
                        {"cos(x)", {1, 4, true}, -1, std::cos(1.0)},
                        {"cos(x)", {-1, 1, true}, std::cos(1.0), 1},
                        {"tanh(x)", {0, 1, true}, 0, std::tanh(1.0)},
                        {"asin(x)", {0, 1, true}, 0, half_pi},
                        {"acos(x)", {0, 1, true}, 0, half_pi}}) {
    const Interval range = enclosed(c.formula, {"x"}, {c.x});
    EXPECT_TRUE(range.defined) << c.formula;
    EXPECT_LE(range.lo, c.lo) << c.formula;
    EXPECT_GE(range.hi, c.hi) << c.formula;
    EXPECT_NEAR(range.lo, c.lo, 1e-14 * (1 + std::fabs(c.lo))) << c.formula;
    EXPECT_NEAR(range.hi, c.hi, 1e-14 * (1 + std::fabs(c.hi))) << c.formula;
  }
}

TEST(Intervals, KeepTheSignOfWhatCannotBeNegative) {
  for (const char* formula : {"x*y", "x + y", "x*y + x^0.3", "exp(-1e3*x)", "sqrt(x)*y", "x^2.5/(1 + y)"})
    EXPECT_GE(enclosed(formula, {"x", "y"}, {{0, 5, true}, {0, 1e-300, true}}).lo, 0) << formula;
}

TEST(Intervals, KnowWhereThereIsNoValue) {
  for (const char* formula : {"1/x", "log(x)", "sqrt(x - 1)", "x^-1", "(x - 2)^0.5", "asin(x)", "x^-0.5",
                              "0*log(x)", "min(1, 1/x)"})
    EXPECT_FALSE(enclosed(formula, {"x"}, {{0, 3, true}}).defined) << formula;
  EXPECT_EQ(enclosed("exp(x)", {"x"}, {{900, 1000, true}}).hi, kInfinity) << "too large is not undefined";
  EXPECT_TRUE(enclosed("exp(x)", {"x"}, {{900, 1000, true}}).defined);
}

}  // namespace
}  // namespace energylens::expr
