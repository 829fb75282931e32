// SPDX-License-Identifier: Apache-2.0
// Small formulas are found by enumeration alone.
#include "search/generate/seeds.hpp"

#include <gtest/gtest.h>

#include "search/generate/factors.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

double best_of_stage(const Bench& bench, int stage) {
  CandidateEvaluator evaluator(bench.context);
  double best = 1;
  for (Tree& tree :
       seeds(bench.context, bench.problem, stage, {.threads = 2, .progress = {}, .cancel = nullptr})) {
    if (const std::optional<Member> m = evaluator.evaluate(std::move(tree), nullptr))
      best = std::min(best, m->loss());
  }
  return best;
}

// Stages of seeds(), each followed by the same stage for separable problems.
constexpr int kSums = 0, kProducts = 2;

TEST(Seeds, FindSumsOfProducts) {
  const Bench two(sample_problem("3*x*y + 0.5*z^2", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(two, kSums), 1e-20);
  const Bench three(sample_problem("x*y + 2*z*u + v*w", {{"x"}, {"y"}, {"z"}, {"u"}, {"v"}, {"w"}}));
  EXPECT_LT(best_of_stage(three, kSums), 1e-20);
}

TEST(Seeds, ReadProductsOffLogarithms) {
  const Bench root(sample_problem("m/sqrt(1 - (v/c)^2)", {{"m"}, {"v", "byte/s"}, {"c", "byte/s", 6, 9}}));
  EXPECT_LT(best_of_stage(root, kProducts), 1e-20);
  const Bench exponential(sample_problem("x*exp(-y/z)", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(exponential, kProducts), 1e-20);
}

TEST(Seeds, FindSumsInsidePowers) {
  const Bench lens(sample_problem("1/(1/x + 2/y)", {{"x"}, {"y"}}));
  EXPECT_LT(best_of_stage(lens, 4), 1e-20);
  const Bench distance(sample_problem("sqrt(x^2 + y^2 + z^2)", {{"x"}, {"y"}, {"z"}}));
  EXPECT_LT(best_of_stage(distance, 6), 1e-20);
}

Options with_angles() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp:2,log:2,sin:2,cos:2,asin:3");
  return o;
}

TEST(Seeds, ReadFactorsOfAnglesOffLogarithms) {
  const Bench moment(sample_problem("x*y*sin(z)", {{"x"}, {"y"}, {"z"}}), with_angles());
  EXPECT_LT(best_of_stage(moment, kProducts), 1e-20);
  const Bench slits(sample_problem("x*sin(y*z/2)^2/sin(z/2)^2", {{"x"}, {"y"}, {"z"}}), with_angles());
  EXPECT_LT(best_of_stage(slits, kProducts), 1e-20) << "factors that change sign, to even powers";
}

TEST(Seeds, TransformTheTarget) {
  const Bench angle(sample_problem("asin(x*y/5)", {{"x", "1", 0.1, 1}, {"y"}}), with_angles());
  EXPECT_LT(best_of_stage(angle, 10), 1e-20);
  const Bench occupation(sample_problem("1/(exp(x/y) - 1)", {{"x"}, {"y"}}), with_angles());
  EXPECT_LT(best_of_stage(occupation, 10), 1e-20);
}

TEST(Seeds, DivideOutSeparableInputs) {
  // Too many inputs for all products of this degree.
  const Bench bench(sample_problem("a^2*b/c^3/d*(x^2*y + 3*z*y^2)",
                                   {{"a"}, {"b"}, {"c"}, {"d"}, {"x"}, {"y"}, {"z"}}, "1", 400));
  EXPECT_GT(best_of_stage(bench, kSums), 1e-6);
  EXPECT_LT(best_of_stage(bench, kSums + 1), 1e-20);
}

TEST(Seeds, AddUpProductsWithAFunctionEach) {
  const Bench waves(sample_problem("2*x*cos(y*z) + x*u*cos(y*z)^2",
                                   {{"x", "byte"}, {"y", "1/s"}, {"z", "s"}, {"u"}}, "byte", 300),
                    with_angles());
  EXPECT_LT(best_of_stage(waves, 12), 1e-20);
}

TEST(Seeds, AreNotMoreThanCanBeHeld) {
  std::vector<SampleInput> inputs;
  for (const char* name : {"a", "b", "c", "d", "x", "y", "z", "u", "v"}) inputs.push_back({name});
  const Bench bench(sample_problem("a*b + x*y*z", inputs), with_angles());
  EXPECT_LE(factor_library(bench.primitives, bench.primitives.parts[0], 5000).size(), 5000u);
}

TEST(Seeds, KeepUnitsWhereCoefficientsMayHaveSeveral) {
  // Terms of both units may be added up, but not inside the reciprocal that a transformed target leads to.
  Options o = small_search();
  o.constant_units = {parse_unit("J"), parse_unit("J/byte")};
  o.max_complexity = 15;
  const Bench bench(sample_problem("3*w/(1 + 2/n)", {{"w", "byte"}, {"n"}, {"m"}}, "J", 40), o);
  constexpr int kStages = 6;  // products, sums, and sums inside a reciprocal or root
  std::size_t seen = 0;
  for (int stage = 0; stage < kStages; ++stage) {
    for (const Tree& tree : seeds(bench.context, bench.problem, stage, {})) {
      ASSERT_TRUE(typed(tree, bench.primitives)) << stage;
      ++seen;
    }
  }
  EXPECT_GT(seen, 100u);
}

}  // namespace
}  // namespace energylens::search
