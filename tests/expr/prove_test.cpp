// SPDX-License-Identifier: Apache-2.0
// What is proven holds at random points; what is refuted fails at the witness; neither is claimed without
// reason.
#include "energylens/expr/prove.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "energylens/core/rng.hpp"
#include "expr/generators.hpp"
#include "expr/program.hpp"

namespace energylens::expr {
namespace {

const std::vector<std::string> kNames{"x", "y", "a"};

Proof rising(std::string_view formula, const std::vector<Interval>& box, std::size_t most = 2000) {
  return prove_rising(parse(formula), "x", kNames, box, most);
}

TEST(Proofs, RisingFormulasAreProven) {
  const std::vector<Interval> box{{1, 512, true}, {1, 8, true}, {0.5, 2, true}};
  for (const char* formula : {"a*x", "a*x^0.75 + y", "x/y + y", "x*(x + y^3.75)", "a*x/(1 + 0.001*a*x)", "5",
                              "x - log(x)", "sqrt(x^2 - 0.5*x)", "(x - 1)^3", "max(x, 3*y) - y", "exp(-a/x)",
                              "floor(y) + x", "x*log(1 + x) - 0.1*x"}) {
    const Proof proof = rising(formula, box);
    EXPECT_EQ(proof.verdict, Verdict::proven) << formula << " after " << proof.boxes;
    EXPECT_TRUE(proof.witness.empty());
  }
}

TEST(Proofs, FallingFormulasAreRefutedByATrueWitness) {
  const std::vector<Interval> box{{1, 512, true}, {1, 8, true}, {0.5, 2, true}};
  for (const char* formula : {"-x", "a/x", "x^2 - 20*x", "y*x*exp(-x/100)", "x^(a - 1.9)", "min(x, 500 - x)",
                              "x - 0.001*a*x^2", "(x - 4*y)^2", "abs(x - 100)"}) {
    const Proof proof = rising(formula, box);
    ASSERT_EQ(proof.verdict, Verdict::refuted) << formula << " after " << proof.boxes;
    ASSERT_EQ(proof.witness.size(), 3u);
    const Program program(parse(formula), kNames);
    std::vector<double> before = proof.witness, behind = proof.witness;
    before[0] *= 1 - 1e-6;
    behind[0] *= 1 + 1e-6;
    EXPECT_LT(program.evaluate(behind), program.evaluate(before)) << formula;
    for (std::size_t j = 0; j < 3; ++j) EXPECT_TRUE(box[j].contains(proof.witness[j])) << formula;
  }
}

TEST(Proofs, WhatCannotBeToldIsLeftOpen) {
  const std::vector<Interval> box{{0, 4, true}, {1, 8, true}, {0.5, 2, true}};
  EXPECT_EQ(rising("floor(x)", box).verdict, Verdict::open) << "jumps";
  EXPECT_EQ(rising("log(x)", box).verdict, Verdict::open) << "no value at 0";
  EXPECT_EQ(rising("log(x - 2)*0 + x", box).verdict, Verdict::open) << "no value below 2";
  const Proof capped = rising("x + 0.999*sin(x)*cos(x)", {{0, 100, true}, {1, 8, true}, {1, 1, true}}, 5);
  EXPECT_EQ(capped.verdict, Verdict::open);
  EXPECT_EQ(capped.boxes, 5u);
  EXPECT_EQ(rising("x + 0.999*sin(x)*cos(x)", {{0, 100, true}, {1, 8, true}, {1, 1, true}}).verdict,
            Verdict::proven);
}

Proof concave(std::string_view formula, const std::vector<Interval>& box) {
  return prove_concave(parse(formula), "x", kNames, box);
}

TEST(Proofs, ConcaveFormulasAreProven) {
  const std::vector<Interval> box{{1, 512, true}, {1, 8, true}, {0.5, 2, true}};
  for (const char* formula : {"a*x", "5", "a*x^0.75 + y", "x*y^2", "(x + 3.6*y)^0.56", "log(1 + x)",
                              "sqrt(x) + 2*x", "y - 0.01*x^2", "x^0.8*(y + a*x^0.1)", "floor(y)*x"}) {
    const Proof proof = concave(formula, box);
    EXPECT_EQ(proof.verdict, Verdict::proven) << formula << " after " << proof.boxes;
  }
}

TEST(Proofs, WhatIsNotConcaveIsRefutedWhereItBendsUp) {
  const std::vector<Interval> box{{1, 512, true}, {1, 8, true}, {0.5, 2, true}};
  for (const char* formula : {"x^2", "x*(x + y^3.75)", "a/x", "exp(0.01*x)", "x^a", "sqrt(x) + 1e-4*x^2"}) {
    const Proof proof = concave(formula, box);
    ASSERT_EQ(proof.verdict, Verdict::refuted) << formula << " after " << proof.boxes;
    const Program program(parse(formula), kNames);
    const auto value = [&](double x) {
      return program.evaluate(std::vector<double>{x, proof.witness[1], proof.witness[2]});
    };
    const double x = proof.witness[0], h = 1e-3 * x;
    EXPECT_GT(value(x - h) + value(x + h), 2 * value(x)) << formula;
  }
}

TEST(Proofs, AKinkLeavesConcavityOpen) {
  const std::vector<Interval> box{{1, 512, true}, {1, 8, true}, {0.5, 2, true}};
  for (const char* formula : {"max(x, 20)", "min(x, 20)", "abs(x - 3)", "floor(x)"})
    EXPECT_EQ(concave(formula, box).verdict, Verdict::open) << formula;
}

TEST(Proofs, OfSignsTellZeroFromPositive) {
  const std::vector<Interval> box{{0, 4, true}, {1, 8, true}, {0.5, 2, true}};
  const auto verdict = [&](const char* formula, Sign sign) {
    return prove_sign(parse(formula), kNames, box, sign).verdict;
  };
  EXPECT_EQ(verdict("x*y", Sign::not_negative), Verdict::proven);
  EXPECT_EQ(verdict("x*y", Sign::positive), Verdict::refuted);
  EXPECT_EQ(verdict("x*y + 1e-9", Sign::positive), Verdict::proven);
  EXPECT_EQ(verdict("x^2 - 2*x + 1.001", Sign::positive), Verdict::proven);
  EXPECT_EQ(verdict("x^2 - 2*x + 0.999", Sign::positive), Verdict::refuted);
  EXPECT_EQ(verdict("1/x", Sign::positive), Verdict::open) << "no value at 0";
}

/// Sums and products of powers with now and then a difference: formulas like those that are searched.
RC_GTEST_PROP(Proofs, HoldAtRandomPoints, ()) {
  Vocabulary vocabulary{
      {Op::add, Op::multiply, Op::divide, Op::power, Op::subtract, Op::exp, Op::log, Op::maximum},
      kNames,
      {},
      {0.5, 2, 3, 0.1}};
  const Expr e = *any_expression(vocabulary, 18);
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  std::vector<Interval> box;
  for (std::size_t j = 0; j < kNames.size(); ++j) {
    const double lo = std::exp(rng.normal());
    box.push_back({lo, lo * (1 + 5 * rng.uniform()), true});
  }
  const Proof rise = prove_rising(e, "x", kNames, box, 200);
  const Proof bend = prove_concave(e, "x", kNames, box, 200);
  const Proof sign = prove_sign(e, kNames, box, Sign::positive, 200);
  const Program program(e, kNames);
  for (int i = 0; i < 200; ++i) {
    std::vector<double> point;
    for (const Interval& x : box) point.push_back(x.lo + x.width() * rng.uniform());
    const double here = program.evaluate(point);
    if (sign.verdict == Verdict::proven) RC_ASSERT(here > 0 || std::isinf(here));
    const double first = point[0];
    point[0] += (box[0].hi - point[0]) * rng.uniform();
    const double there = program.evaluate(point);
    if (rise.verdict == Verdict::proven && std::isfinite(here))
      RC_ASSERT(there >= here - 1e-12 * (1 + std::fabs(here)));
    point[0] = (point[0] + first) / 2;
    const double between = program.evaluate(point);
    const bool sum_fits = std::fabs(here) < 1e300 && std::fabs(there) < 1e300;
    if (bend.verdict == Verdict::proven && sum_fits)
      RC_ASSERT(2 * between >= here + there - 1e-12 * (1 + std::fabs(here) + std::fabs(there)));
  }
  RC_CLASSIFY(rise.verdict == Verdict::proven, "rises");
  RC_CLASSIFY(rise.verdict == Verdict::refuted, "falls");
  RC_CLASSIFY(bend.verdict == Verdict::proven, "concave");
  if (sign.verdict == Verdict::refuted) RC_ASSERT(program.evaluate(sign.witness) <= 1e-12);
}

}  // namespace
}  // namespace energylens::expr
