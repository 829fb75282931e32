// SPDX-License-Identifier: Apache-2.0
// What assess() fills in, and that it does so in an order in which no step lacks what it needs.
#include "search/assess.hpp"

#include <gtest/gtest.h>

#include "search/members.hpp"

namespace energylens::search {
namespace {

/// Two formulas, the second of them chosen.
Front two_formulas(const Bench& bench) {
  Front front;
  front.formulas = {formula_from(bench, "x + y"), formula_from(bench, "x + y^b")};
  front.formulas[1].chosen = true;
  return front;
}

TEST(Assess, ClaimsHoldWithinTheErrorsThatItFoundItself) {
  Options options = power_laws();
  options.rising = {"x", "y"};
  const Bench bench(sample_problem("2*x + 3*y^0.7", {{"x"}, {"y"}}, "1", 50, 0.02), options);
  Front front = two_formulas(bench);
  assess(front, bench.problem, bench.options);
  for (const Formula& formula : front.formulas) {
    EXPECT_TRUE(known(formula.effective_parameters));
    ASSERT_EQ(formula.claims.size(), 3u);
    for (const Claim& claim : formula.claims)
      EXPECT_EQ(claim.within_errors, expr::Verdict::proven) << claim.input;
  }
}

TEST(Assess, OnlyTheChosenFormulaHasProfileIntervals) {
  const Bench bench(sample_problem("2*x + 3*y^0.7", {{"x"}, {"y"}}, "1", 50, 0.02), power_laws());
  Front front = two_formulas(bench);
  front.formulas[0] = front.formulas[1];
  front.formulas[0].chosen = false;
  assess(front, bench.problem, bench.options);
  std::size_t intervals[2] = {};
  for (std::size_t f = 0; f < 2; ++f) {
    for (const Constant& c : front.formulas[f].constants) intervals[f] += c.profile.size();
  }
  EXPECT_EQ(intervals[0], 0u);
  EXPECT_EQ(intervals[1], 1u);
}

}  // namespace
}  // namespace energylens::search
