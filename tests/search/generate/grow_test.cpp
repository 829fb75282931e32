// SPDX-License-Identifier: Apache-2.0
// Every formula that is grown or mutated has the right units, according to expr::check_units.
#include "search/generate/grow.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "expr/check_units.hpp"
#include "search/front/describe.hpp"
#include "search/generate/mutation.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

Options with_everything() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp,log,min,max,abs");
  o.real_exponents = true;
  o.constant_units = {parse_unit("token"), parse_unit("token byte/s")};
  return o;
}

/// The result of check_units for a tree, each constant with the unit that formula_of gives it.
expr::UnitCheck checked_units(const Bench& bench, Tree tree) {
  canonicalise(tree, bench.primitives.positive);
  Member member{tree, {}, 0};
  member.fitted.coefficients.assign(count_terms(tree), 1.5);
  for (Sum& part : member.tree.parts) {
    for (const InnerConstant& c : inner_constants(part)) member.fitted.inner.push_back(*c.value);
  }
  const Formula formula = formula_of(member, bench.context, bench.form);
  std::vector<expr::NamedUnit> units;
  for (const Input& input : bench.problem.inputs) units.push_back({input.name, input.unit});
  expr::Expr checked = formula.expr;
  for (const Constant& c : formula.constants) units.push_back({c.name, c.unit});
  return expr::check_units(checked, units, expr::ConstantUnits::dimensionless);
}

Tree grown(const Bench& bench, Rng& rng) {
  Grower grower(bench.primitives, rng);
  Tree tree;
  for (std::size_t p = 0; p < bench.primitives.parts.size(); ++p) tree.parts.push_back(grower.part(p));
  return tree;
}

TEST(Grower, MakesNoFormulaOfWrongUnits) {
  const Bench bench(physical_problem(), with_everything());
  Rng rng(1);
  for (int i = 0; i < 200; ++i) {
    const Tree tree = grown(bench, rng);
    ASSERT_TRUE(typed(tree, bench.primitives));
    const expr::UnitCheck check = checked_units(bench, tree);
    ASSERT_TRUE(check.consistent) << check.why;
    ASSERT_EQ(check.unit, bench.problem.target_unit);
  }
}

TEST(Mutated, KeepsUnitsThroughManyGenerations) {
  const Bench bench(physical_problem(), with_everything());
  Rng rng(2);
  std::vector<Tree> trees;
  for (int i = 0; i < 20; ++i) trees.push_back(grown(bench, rng));
  for (int i = 0; i < 600; ++i) {
    Tree child =
        mutated(trees[rng.below(trees.size())], trees[rng.below(trees.size())], bench.primitives, rng);
    canonicalise(child, bench.primitives.positive);
    ASSERT_TRUE(typed(child, bench.primitives));
    if (count_terms(child) == 0 || count_terms(child) > 6 || complexity(child, bench.primitives.costs) > 60)
      continue;
    const expr::UnitCheck check = checked_units(bench, child);
    ASSERT_TRUE(check.consistent) << check.why;
    ASSERT_EQ(check.unit, bench.problem.target_unit);
    trees[rng.below(trees.size())] = std::move(child);
  }
}

TEST(PrimitiveSet, FindsProductsOfTheDimsAsked) {
  const Bench bench(physical_problem());
  const PartPrimitives& part = bench.primitives.parts[0];
  ASSERT_FALSE(part.of(part.dims).empty());
  for (const std::size_t m : part.of(part.dims)) {
    Dims dims;
    ASSERT_TRUE(typed(Term{1, true, part.monomials[m].factors}, bench.primitives, dims));
    EXPECT_EQ(dims, part.dims);
  }
}

TEST(PrimitiveSet, RefusesUnitsThatAdmitNoFormula) {
  Problem p = physical_problem();
  p.target_unit = parse_unit("J");
  try {
    Bench bench(p);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("no formula has the unit J of y; the inputs are m in token"));
  }
}

TEST(PrimitiveSet, LooksAtNoUnitsWhereTheyAreOff) {
  Problem p = physical_problem();
  p.target_unit = parse_unit("J");
  Options o = small_search();
  o.units = false;
  EXPECT_NO_THROW(Bench(p, o));
}

Term product(std::vector<Factor> factors) {
  Term term;
  term.factors = std::move(factors);
  return term;
}

TEST(Exponents, AreFreedWhereTheyMayBeFittedOnly) {
  Problem p = sample_problem("x + y + z", {{"x"}, {"y", "byte"}, {"z", "1", -1, 1}});
  p.inputs[1].unit = parse_unit("byte");
  Options o = small_search();
  o.units = true;
  o.real_exponents = true;
  o.constant_units = {parse_unit("byte"), parse_unit("1/byte")};
  const Bench bench(p, o);
  Sum part{product({input_factor(0, 2), input_factor(1), input_factor(2)})};
  EXPECT_EQ(free_exponents(part, bench.primitives), 1u) << "y has a unit, z changes its sign";
  EXPECT_TRUE(part[0].factors[0].free);
  EXPECT_EQ(free_exponents(part, bench.primitives), 0u);
}

TEST(Exponents, SnapToAMultipleOfAHalfNearThem) {
  Sum part{
      product({input_factor(0, 0.97), input_factor(1, -1.46), input_factor(2, 0.3), input_factor(3, 0.04)})};
  for (Factor& f : part[0].factors) f.free = true;
  part[0].factors.push_back(input_factor(4, 2.02));  // stands as it is
  EXPECT_EQ(snap_exponents(part), 3u);
  const std::vector<double> expected = {1, -1.5, 0.3, 0, 2.02};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(part[0].factors[i].exponent, expected[i]);
    EXPECT_EQ(part[0].factors[i].free, i == 2);
  }
}

}  // namespace
}  // namespace energylens::search
