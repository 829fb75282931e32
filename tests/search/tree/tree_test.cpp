// SPDX-License-Identifier: Apache-2.0
#include "search/tree/tree.hpp"

#include <gtest/gtest.h>

#include "search/generate/grow.hpp"
#include "search/generate/mutation.hpp"
#include "search/samples.hpp"
#include "search/tree/to_expr.hpp"
#include "search/tree/tree_text.hpp"

namespace energylens::search {
namespace {

const std::vector<std::string> kNames = {"x", "y", "z"};

Problem plain_problem() {
  return sample_problem("x*y + z", {{"x"}, {"y"}, {"z"}});
}

Options wide() {
  Options o = small_search();
  o.operators = parse_operators("+,-,*,/,^,sqrt,exp,log,min,max,sin,cos,tanh,asin");
  o.real_exponents = true;
  return o;
}

Tree read(const std::string& text) {
  Tree tree{{from_expr(expr::parse(text), kNames)}};
  canonicalise(tree, {true, true, true});
  return tree;
}

double value(const Sum& part, const OperatorCosts& costs) {
  const PartExpr written = to_expr(part, kNames, costs, "c", 0);
  Sum copy = part;
  const std::vector<InnerConstant> inner = inner_constants(copy);
  std::vector<double> parameters;
  std::size_t j = 0;
  for (const std::size_t term : written.terms) {
    parameters.push_back(term == PartExpr::kInner ? *inner[j++].value : part[term].coefficient);
  }
  std::vector<std::string> names;
  for (std::size_t i = 0; i < parameters.size(); ++i) names.push_back("c" + std::to_string(i));
  return expr::Program(written.expr, kNames, names).evaluate(std::vector<double>{1.3, 2.1, 0.7}, parameters);
}

std::vector<Tree> random_trees(std::size_t count, const Options& options) {
  const Bench bench(plain_problem(), options);
  Rng rng(3);
  Grower grower(bench.primitives, rng);
  std::vector<Tree> out;
  while (out.size() < count) {
    Tree tree{{grower.part(0)}};
    for (int i = 0; i < 3; ++i) tree = mutated(tree, tree, bench.primitives, rng);
    out.push_back(std::move(tree));
  }
  return out;
}

void randomise(Sum& sum, Rng& rng) {
  for (Term& term : sum) {
    if (term.free) term.coefficient = 0.5 + rng.uniform();
    for (Factor& f : term.factors) randomise(f.argument, rng);
  }
}

TEST(Canonical, KeepsTheValue) {
  Options o = wide();
  o.operators =
      parse_operators("+,-,*,/,^,sqrt");  // a constant leaves an exponential, and is then fitted outside
  const Bench bench(plain_problem(), o);
  Rng rng(4);
  std::size_t checked = 0;
  for (Tree& tree : random_trees(400, o)) {
    randomise(tree.parts[0], rng);
    const double before = value(tree.parts[0], bench.primitives.costs);
    canonicalise(tree, {true, true, true});
    if (!std::isfinite(before) || std::fabs(before) > 1e6) continue;
    EXPECT_NEAR(value(tree.parts[0], bench.primitives.costs), before, 1e-7 * std::fabs(before) + 1e-9)
        << tree_text(tree);
    ++checked;
  }
  EXPECT_GT(checked, 250u);
}

TEST(Canonical, IsDoneOnce) {
  for (Tree& tree : random_trees(300, wide())) {
    canonicalise(tree, {true, true, true});
    Tree again = tree;
    canonicalise(again, {true, true, true});
    EXPECT_EQ(structure_hash(again), structure_hash(tree)) << tree_text(tree) << '\n' << tree_text(again);
  }
}

TEST(Canonical, SeesThroughGuises) {
  const std::vector<std::pair<const char*, const char*>> same = {
      {"x*y + z", "z + y*x"},
      {"x/y*z", "x*z/y"},
      {"(x*y)^2", "x^2*y*y"},
      {"sqrt(x)*sqrt(x)", "x"},
      {"1/(1/x)", "x"},
      {"(x*y + x*z)^2", "x^2*(y + z)^2"},
      {"1/(x*y + x*z)", "1/x/(z + y)"},
      {"(2*x + 2*y)^2", "(x + y)^2"},
      {"3*x + 4*x", "x"},
      {"exp(2 + x)", "exp(x)"},
  };
  for (const auto& [a, b] : same) {
    EXPECT_EQ(structure_hash(read(a)), structure_hash(read(b))) << a << " and " << b;
  }
  EXPECT_NE(structure_hash(read("sqrt(x - y)")), structure_hash(read("sqrt(x + y)")));
  EXPECT_NE(structure_hash(read("x^2")), structure_hash(read("x^3")));
}

TEST(Canonical, APowerOfANumberIsANumber) {
  for (const char* text : {"x*1^p", "x*(1 + 1^p)^p", "x*(2 + 3)^p"}) {
    const expr::Expr fitted = expr::substitute(expr::parse(text), "p", expr::Expr::parameter("p_fitted"));
    Tree tree{{from_expr(fitted, kNames)}};
    canonicalise(tree, {true, true, true});
    EXPECT_EQ(structure_hash(tree), structure_hash(read("x"))) << tree_text(tree);
  }
}

TEST(Canonical, OpensNoRootOfWhatMayBeNegative) {
  Tree tree{{from_expr(expr::parse("(x^2)^0.5"), kNames)}};
  canonicalise(tree, {false, true, true});
  EXPECT_EQ(tree.parts[0][0].factors[0].kind, Factor::Kind::bracket);
  canonicalise(tree, {true, true, true});
  EXPECT_EQ(tree.parts[0][0].factors[0].kind, Factor::Kind::input);
}

TEST(Complexity, IsTheNumberOfNodesWherePricesAreOne) {
  const Bench bench(plain_problem(), wide());
  OperatorCosts ones;
  for (double& p : ones.of) p = 1;
  for (Tree& tree : random_trees(200, wide())) {
    canonicalise(tree, {true, true, true});
    if (tree.parts[0].empty()) continue;
    const PartExpr written = to_expr(tree.parts[0], kNames, ones, "c", 0);
    EXPECT_EQ(complexity(tree, ones), static_cast<double>(written.expr.size())) << expr::print(written.expr);
  }
}

TEST(TreeText, IsExact) {
  for (Tree& tree : random_trees(100, wide())) {
    const std::string text = tree_text(tree);
    EXPECT_EQ(tree_text(parse_tree(text)), text);
  }
  EXPECT_ANY_THROW(parse_tree("1 2 3"));
  EXPECT_ANY_THROW(parse_tree("1 1 1 ~ 1 7 1 = 0 "));
}

}  // namespace
}  // namespace energylens::search
