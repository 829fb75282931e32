// SPDX-License-Identifier: Apache-2.0
// Properties of formulas: those that are proved hold at every point tried, those that are refuted fail at
// their witness.
#include "search/proofs.hpp"

#include <gtest/gtest.h>

#include <map>

#include "search/identify.hpp"
#include "search/members.hpp"

namespace energylens::search {
namespace {

using expr::Verdict;

Problem two_groups(double noise = 0.02) {
  Problem p = sample_problem("2*x + 0.3*x^0.6*y", {{"x", "1", 1, 200}, {"y", "1", 1, 8}}, "1", 80, noise);
  for (std::size_t i = 0; i < 80; ++i) p.groups.push_back(i % 2);
  p.group_names = {"one", "two"};
  return p;
}

Options rising_in_x() {
  Options o = power_laws();
  o.coefficients = Scope::per_group;
  o.rising = {"x"};
  return o;
}

std::vector<Claim> claims_of(Formula formula, const Problem& p, const Options& o) {
  Front front;
  front.formulas.push_back(std::move(formula));
  identify(front, p, o);
  prove(front, p, o);
  return front.formulas[0].claims;
}

TEST(FrontProofs, ARisingFormulaIsProvenWithinTheErrorsOfItsConstants) {
  const Bench bench(two_groups(), rising_in_x());
  const std::vector<Claim> claims = claims_of(formula_from(bench, "x + x^b*y"), bench.problem, bench.options);
  ASSERT_EQ(claims.size(), 2u);
  EXPECT_EQ(claims[0].input, "");
  EXPECT_EQ(claims[1].input, "x");
  for (const Claim& claim : claims) {
    EXPECT_EQ(claim.as_fitted, Verdict::proven) << claim.input;
    EXPECT_EQ(claim.within_errors, Verdict::proven) << claim.input;
    EXPECT_TRUE(claim.witness.empty());
  }
}

/// A formula written by hand.
Formula written(const std::string& text,
                const std::vector<std::pair<std::string, std::vector<double>>>& constants) {
  Formula f;
  std::vector<std::string> names;
  for (const auto& [name, values] : constants) {
    names.push_back(name);
    f.constants.push_back({name, {}, values.size() > 1, false, values, {}, {}});
  }
  f.expr = expr::parse(text, {names, {}, "formula"});
  f.loss = 1e-4;
  return f;
}

double value_at(const Formula& f, std::map<std::string, double> at) {
  std::vector<std::string> names;
  std::vector<double> values;
  for (const auto& [name, value] : at) {
    names.push_back(name);
    values.push_back(value);
  }
  expr::Expr e = f.expr;
  for (const std::string& name : e.parameters())
    e = expr::substitute(e, name, expr::Expr::constant(at.at(name)));
  return expr::Program(e, names).evaluate(values);
}

TEST(FrontProofs, AFallingFormulaIsRefutedInItsGroupByATrueWitness) {
  const Problem p = two_groups();
  const Formula f = written("a*x - b*x^2 + 9*y", {{"a", {1, 1}}, {"b", {1e-4, 4e-3}}});
  const Claim claim = claims_of(f, p, rising_in_x())[1];
  EXPECT_EQ(claim.as_fitted, Verdict::refuted);
  EXPECT_EQ(claim.within_errors, Verdict::refuted);
  EXPECT_EQ(claim.group, "two");
  std::map<std::string, double> at(claim.witness.begin(), claim.witness.end());
  ASSERT_EQ(at.size(), 4u);
  EXPECT_EQ(at["b"], 4e-3);
  const double here = value_at(f, at);
  at["x"] *= 1.0001;
  EXPECT_LT(value_at(f, at), here);
}

TEST(FrontProofs, WhatHoldsForTheConstantsAloneIsNotCalledProvenWithinErrors) {
  const Problem p = two_groups(0.3);
  // The exponent is small and its standard error is large.
  Formula f = written("a*x^b", {{"a", {30}}, {"b", {0.002}}});
  f.constants[0].coefficient = true;
  f.loss = 0.2;
  const Claim claim = claims_of(f, p, rising_in_x())[1];
  EXPECT_EQ(claim.as_fitted, Verdict::proven);
  EXPECT_EQ(claim.within_errors, Verdict::refuted);
  const std::map<std::string, double> at(claim.witness.begin(), claim.witness.end());
  EXPECT_LT(at.at("b"), 0);
}

TEST(FrontProofs, WhatRowsDoNotTellIsAnyNumberThatItMayBe) {
  const Problem p = two_groups();
  Formula f = written("a*x + b*x + c*y", {{"a", {1}}, {"b", {1}}, {"c", {1}}});
  for (Constant& c : f.constants) c.coefficient = true;
  Options o = rising_in_x();
  EXPECT_EQ(claims_of(f, p, o)[1].within_errors, Verdict::proven) << "neither is negative";
  o.positive_coefficients = false;
  EXPECT_EQ(claims_of(f, p, o)[1].as_fitted, Verdict::proven);
  EXPECT_EQ(claims_of(f, p, o)[1].within_errors, Verdict::open);
}

TEST(FrontProofs, ConcavityIsAClaimOfItsOwn) {
  const Problem p = two_groups();
  Options o = rising_in_x();
  o.concave = {"x"};
  const auto last = [&](const Formula& f) { return claims_of(f, p, o).back(); };
  const Claim holds = last(written("x + 0.3*x^b*y", {{"b", {0.6}}}));
  EXPECT_EQ(holds.property, Property::concave);
  EXPECT_EQ(holds.input, "x");
  EXPECT_EQ(holds.within_errors, Verdict::proven);
  const Claim fails = last(written("x + a*x*(x + y)", {{"a", {0.01, 0}}}));
  EXPECT_EQ(fails.as_fitted, Verdict::refuted);
  EXPECT_EQ(fails.group, "one") << "in the other group it is a line";
}

TEST(FrontProofs, TiedInputsFollow) {
  Problem p = two_groups();
  p.inputs.push_back({"z", Unit(), {}});
  for (std::size_t i = 0; i < 80; ++i)
    p.inputs[2].values.push_back(2 * p.inputs[0].values[i] + p.inputs[1].values[i]);
  Options o = rising_in_x();
  o.rising = {"x", "z"};
  // With z held it decreases in x. If z is tied to x, it does not.
  const Formula f = written("z - x", {});
  EXPECT_EQ(claims_of(f, p, o)[1].as_fitted, Verdict::refuted);
  p.ties = {{"z", expr::parse("2*x + y")}};
  const std::vector<Claim> claims = claims_of(f, p, o);
  ASSERT_EQ(claims.size(), 2u) << "z is no claim of its own";
  EXPECT_EQ(claims[1].as_fitted, Verdict::proven);
}

/// Formulas of a real search: a property that is proved never fails at random points of the box.
TEST(FrontProofs, OfAWholeFrontHoldAtRandomPoints) {
  const Problem p = two_groups();
  Options o = rising_in_x();
  o.rising.clear();  // let falling ones through
  o.evaluations = 400;
  o.max_complexity = 16;
  o.operators = {{"+", 1}, {"-", 1}, {"*", 1}, {"/", 1}, {"^", 1}};
  o.target_loss = 0;
  Front front = search(p, o);
  o.rising = {"x", "y"};
  identify(front, p, o);
  prove(front, p, o);
  Rng rng(5);
  int proven = 0;
  for (const Formula& f : front.formulas) {
    for (const Claim& claim : f.claims) {
      proven += claim.within_errors == Verdict::proven ? 1 : 0;
      if (claim.within_errors != Verdict::proven) continue;
      for (int i = 0; i < 40; ++i) {
        std::map<std::string, double> at{{"x", 5 + 100 * rng.uniform()}, {"y", 2 + 5 * rng.uniform()}};
        const std::size_t group = rng.below(2);
        for (const Constant& c : f.constants) {
          const std::size_t k = c.values.size() == 1 ? 0 : group;
          const double shift = 1.5 * (2 * rng.uniform() - 1) * c.standard_errors[k];
          at[c.name] = known(shift) ? c.values[k] * std::exp(shift / c.values[k]) : c.values[k];
        }
        const double here = value_at(f, at);
        if (claim.input.empty()) {
          EXPECT_GT(here, 0) << f.text();
          continue;
        }
        at[claim.input] *= 1 + 0.1 * rng.uniform();
        EXPECT_GE(value_at(f, at), here * (1 - 1e-12)) << f.text();
      }
    }
  }
  EXPECT_GT(proven, 4);
}

}  // namespace
}  // namespace energylens::search
