// SPDX-License-Identifier: Apache-2.0
// Ranks of known designs, and standard errors compared with many draws.
#include "search/identify.hpp"

#include <gtest/gtest.h>

#include "search/members.hpp"

namespace energylens::search {
namespace {

TEST(Identify, CountsWhatRowsTellApart) {
  const Problem p = sample_problem("2*x + 3*y^0.7", {{"x"}, {"y"}}, "1", 50, 0.02);
  const Bench bench(p, power_laws());
  const Formula whole = identified(bench, "x + y^b");
  EXPECT_EQ(whole.fitted_numbers(), 3u);
  EXPECT_EQ(whole.effective_parameters, 3);

  // Written by hand: a search never returns a formula with two numbers for the same thing.
  Front front;
  front.formulas.push_back(whole);
  Formula& f = front.formulas[0];
  f.expr = expr::parse("c0*x + c1*x + c2*y^c3", {std::vector<std::string>{"c0", "c1", "c2", "c3"}, {}, "f"});
  f.constants = {{"c0", {}, false, true, {1}},
                 {"c1", {}, false, true, {1}},
                 {"c2", {}, false, true, {3}},
                 {"c3", {}, false, false, {0.7}}};
  identify(front, bench.problem, bench.options);
  EXPECT_EQ(f.fitted_numbers(), 4u);
  EXPECT_EQ(f.effective_parameters, 3);
  EXPECT_FALSE(known(f.constants[0].standard_errors[0]));
  EXPECT_FALSE(known(f.constants[1].standard_errors[0]));
  EXPECT_GT(f.constants[3].standard_errors[0], 0) << "the rest is known all the same";
}

TEST(Identify, CountsEveryGroupsOwnCoefficients) {
  Problem p = sample_problem("2*x + 3*y^0.7", {{"x"}, {"y"}}, "1", 60, 0.02);
  for (std::size_t i = 0; i < 60; ++i) p.groups.push_back(i % 3);
  // In the third group y has one value, so its power cannot be distinguished from the coefficient there.
  for (std::size_t i = 2; i < 60; i += 3) p.inputs[1].values[i] = 2;
  Options o = power_laws();
  o.coefficients = Scope::per_group;
  const Formula f = identified(Bench(p, o), "x + y^b");
  EXPECT_EQ(f.fitted_numbers(), 7u);
  EXPECT_EQ(f.effective_parameters, 7);
}

TEST(Identify, ACoefficientHeldAtZeroCountsForNothing) {
  Options o = power_laws();
  o.coefficients = Scope::per_group;
  Problem p = sample_problem("5*x", {{"x"}, {"y"}}, "1", 40, 0.01);
  for (std::size_t i = 0; i < 40; ++i) {
    p.groups.push_back(i % 2);
    if (i % 2 == 0) p.target[i] += 2 * p.inputs[1].values[i];
    if (i % 2 == 1) p.target[i] -= 0.3 * p.inputs[1].values[i];
  }
  const Formula f = identified(Bench(p, o), "x + y");
  EXPECT_EQ(f.fitted_numbers(), 4u);
  EXPECT_EQ(f.effective_parameters, 3);
}

TEST(Identify, StandardErrorsAreTheSpreadOverManyDraws) {
  std::vector<double> found;
  double said = 0;
  constexpr int kDraws = 60;
  for (int draw = 0; draw < kDraws; ++draw) {
    const Bench bench(sample_problem("3*x^0.8*y", {{"x"}, {"y"}}, "1", 40, 0.05, 100 + draw), power_laws());
    const Formula f = identified(bench, "x^b*y");
    for (const Constant& c : f.constants) {
      if (c.coefficient) continue;
      found.push_back(c.values[0]);
      said += c.standard_errors[0] / kDraws;
    }
  }
  EXPECT_NEAR(said / numerics::sd(found), 1, 0.3);
}

}  // namespace
}  // namespace energylens::search
