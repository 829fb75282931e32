// SPDX-License-Identifier: Apache-2.0
// Profile intervals: their coverage, that they are unbounded if the rows do not determine a constant, and
// that the loss at their ends is the one prescribed.
#include <gtest/gtest.h>

#include <cmath>

#include "numerics/distributions.hpp"
#include "search/identify.hpp"
#include "search/members.hpp"

namespace energylens::search {
namespace {

Formula profiled(const Bench& bench, const std::string& formula) {
  Formula out = identified(bench, formula);
  profile(out, bench.problem, bench.options);
  return out;
}

/// The constants inside terms, by rising value.
std::vector<Constant> inner(const Formula& f) {
  std::vector<Constant> out;
  for (const Constant& c : f.constants) {
    if (!c.coefficient) out.push_back(c);
  }
  std::sort(out.begin(), out.end(),
            [](const Constant& a, const Constant& b) { return a.values[0] < b.values[0]; });
  return out;
}

TEST(Profile, CoversTheTruthAsOftenAsItSays) {
  constexpr std::size_t kDraws = 40;
  std::size_t covered = 0;
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    const Bench bench(sample_problem("2*x + 0.5*x^0.6*y^1.4", {{"x", "1", 1, 40}, {"y", "1", 1, 8}}, "1", 60,
                                     0.04, 500 + draw),
                      power_laws());
    const std::vector<Constant> found = inner(profiled(bench, "x + x^b*y^c"));
    ASSERT_EQ(found.size(), 2u);
    for (const Constant& c : found) ASSERT_EQ(c.profile.size(), 1u);
    const Bounds low = found[0].profile[0], high = found[1].profile[0];
    covered += !(low.lo > 0.6) && !(low.hi < 0.6) ? 1 : 0;
    covered += !(high.lo > 1.4) && !(high.hi < 1.4) ? 1 : 0;
  }
  // The two intervals of a draw are correlated: the band is for half as many trials.
  const numerics::CountBand band = numerics::binomial_band(kDraws, 0.95, 0.99);
  EXPECT_GE(covered / 2, band.lo) << covered << " of " << 2 * kDraws;
}

TEST(Profile, EndsWhereTheLossHasRisenAsFarAsItMay) {
  const Bench bench(sample_problem("2*x^0.6*y", {{"x", "1", 1, 40}, {"y"}}, "1", 50, 0.05), power_laws());
  const Formula f = profiled(bench, "x^b*y");
  const Constant c = inner(f)[0];
  const double n = 50, p = 2, t = numerics::student_t_quantile(0.975, n - p);
  const double allowed = f.loss * (1 + t * t / (n - p));
  // A slow reference: of the logarithm only a mean is left to fit.
  const auto loss_at = [&](double exponent) {
    std::vector<double> left;
    for (std::size_t i = 0; i < 50; ++i)
      left.push_back(std::log(bench.problem.target[i] / bench.problem.inputs[1].values[i]) -
                     exponent * std::log(bench.problem.inputs[0].values[i]));
    const double sd = numerics::sd(left);
    return sd * sd * (n - 1) / n;
  };
  EXPECT_NEAR(loss_at(c.profile[0].lo) / allowed, 1, 1e-3);
  EXPECT_NEAR(loss_at(c.profile[0].hi) / allowed, 1, 1e-3);
  EXPECT_NEAR((c.profile[0].hi - c.profile[0].lo) / (2 * t * c.standard_errors[0]), 1, 0.02)
      << "in a model that is linear in it, profile and standard error agree";
}

TEST(Profile, IsOpenWhereTheRowsSetNoEnd) {
  // y is so small compared with the noise that any coefficient, even 0, fits.
  const Problem p = sample_problem("3*(x + 0.1*y)^0.7", {{"x", "1", 1, 40}, {"y", "1", 1, 2}}, "1", 60, 0.03);
  const Bench bench(p, power_laws());
  const Formula f = profiled(bench, "(x + d*y)^0.7");
  const std::vector<Constant> found = inner(f);
  ASSERT_EQ(found.size(), 1u);
  ASSERT_GT(found[0].values[0], 0);
  EXPECT_FALSE(known(found[0].profile[0].lo)) << found[0].profile[0].lo;
  EXPECT_TRUE(known(found[0].profile[0].hi));
  EXPECT_LT(found[0].profile[0].hi, 1);

  // An exponent of an input that hardly varies, next to a constant with the same effect.
  const Problem flat = sample_problem("3 + 0*x", {{"x", "1", 1, 1.02}, {"y"}}, "1", 60, 0.05);
  const Bench other(flat, power_laws());
  const Constant c = inner(profiled(other, "x^b"))[0];
  EXPECT_FALSE(known(c.profile[0].lo) && known(c.profile[0].hi) && c.profile[0].hi - c.profile[0].lo < 1);
}

TEST(Profile, OfGroupsIsThatOfTheirRowsAlone) {
  Problem both = sample_problem("2*x^0.6 + y", {{"x", "1", 1, 40}, {"y"}}, "1", 80, 0.02);
  for (std::size_t i = 0; i < 80; ++i) both.groups.push_back(i % 2);
  Options o = power_laws();
  o.coefficients = Scope::per_group;
  EXPECT_EQ(inner(profiled(Bench(both, o), "x^b + y"))[0].profile.size(), 1u);
  o.exponents = Scope::per_group;
  const Formula f = profiled(Bench(both, o), "x^b + y");
  const Constant c = inner(f)[0];
  ASSERT_EQ(c.profile.size(), 2u);
  for (const std::size_t g : {0, 1}) {
    EXPECT_LT(c.profile[g].lo, c.values[g]);
    EXPECT_GT(c.profile[g].hi, c.values[g]);
    // There is one variance for all rows, so the width differs from that of a fit of one group alone by the
    // ratio of the two standard deviations.
    std::vector<bool> keep;
    for (std::size_t i = 0; i < 80; ++i) keep.push_back(i % 2 == g);
    Problem alone = subset(both, keep);
    alone.groups.clear();
    const Formula single = profiled(Bench(alone, o), "x^b + y");
    const Constant reference = inner(single)[0];
    EXPECT_NEAR(c.values[g], reference.values[0], 1e-4);
    const double own = std::sqrt(single.loss * 40 / 37), all = std::sqrt(f.loss * 80 / 74);
    const double widths =
        (c.profile[g].hi - c.profile[g].lo) / (reference.profile[0].hi - reference.profile[0].lo);
    EXPECT_NEAR(widths, all / own, 0.06 * all / own);
  }
}

TEST(Profile, IsNoneOfFormulasByHand) {
  const Problem p = sample_problem("2*x^0.6 + y", {{"x"}, {"y"}}, "1", 80, 0.02);
  Formula by_hand = formula_from(Bench(p, power_laws()), "x^b + y");
  by_hand.member = nullptr;
  profile(by_hand, p, power_laws());
  EXPECT_TRUE(by_hand.constants.back().profile.empty());
}

}  // namespace
}  // namespace energylens::search
