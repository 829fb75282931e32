// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "expr/algebra.hpp"
#include "expr/generators.hpp"
#include "expr/reference.hpp"

namespace energylens::expr {
namespace {

std::string simple(const char* text) {
  return print(simplify(parse(text)));
}

TEST(Simplify, DropsWhatIsSuperfluous) {
  EXPECT_EQ(simple("x + 0"), "x");
  EXPECT_EQ(simple("0 - x"), "-x");
  EXPECT_EQ(simple("1*x*1/1"), "x");
  EXPECT_EQ(simple("-1*x"), "-x");
  EXPECT_EQ(simple("0*log(x)"), "0");
  EXPECT_EQ(simple("x^1 + y^0"), "x + 1");
  EXPECT_EQ(simple("--x"), "x");
  EXPECT_EQ(simple("x + -y"), "x - y");
  EXPECT_EQ(simple("-x + y"), "y - x");
  EXPECT_EQ(simple("x - -y"), "x + y");
  EXPECT_EQ(simple("-(x - y)"), "y - x");
  EXPECT_EQ(simple("-x*-y"), "x*y");
  EXPECT_EQ(simple("(x + y) - (x + y)"), "0");
  EXPECT_EQ(simple("x*y/(x*y)"), "1");
  EXPECT_EQ(simple("abs(-abs(x))"), "abs(x)");
  EXPECT_EQ(simple("max(x, x)"), "x");
  EXPECT_EQ(simple("2*3 + x*(4 - 3)"), "6 + x");
  EXPECT_EQ(simple("exp(0)*x"), "x");
}

TEST(Simplify, LeavesWhatIsNotFinite) {
  EXPECT_EQ(simple("1/0"), "1/0");
  EXPECT_EQ(simple("0/0"), "0/0");
  EXPECT_EQ(simple("log(-1) + x"), "log(-1) + x");
  EXPECT_EQ(simple("1e300*1e300"), "1e+300*1e+300");
}

TEST(Simplify, DoesNotChangeAnExpressionThatIsSimple) {
  for (const char* text :
       {"x + y", "x*2", "2*x", "x/y", "x^y", "x^2", "-x", "exp(x)", "x - 1", "min(x, y)"}) {
    EXPECT_EQ(simple(text), text);
  }
}

std::map<std::string, double> random_point(Rng& rng) {
  std::map<std::string, double> point;
  const double specials[] = {0, -0.0, 1, -1, 2, 0.5};
  for (const char* name : {"x", "y", "isl", "a0", "b12"}) {
    point[name] = rng.below(4) == 0 ? specials[rng.below(6)] : 3 * rng.normal();
  }
  return point;
}

// At points where every part is finite the value is the same to the last bit, zeros of either sign being
// equal.
void expect_same_value(const Expr& e, const Expr& simpler, Rng& rng) {
  for (int i = 0; i < 5; ++i) {
    const auto point = random_point(rng);
    if (wholly_finite(e, point)) RC_ASSERT(reference_value(simpler, point) == reference_value(e, point));
  }
}

RC_GTEST_PROP(Simplify, KeepsTheValueAndNeverLengthens, (std::uint64_t seed)) {
  const Expr e = *any_expression(whole_vocabulary(), 30);
  const Expr simpler = simplify(e);
  RC_ASSERT(simpler.size() <= e.size());
  Rng rng(seed);
  expect_same_value(e, simpler, rng);
}

TEST(Simplify, KeepsTheValueOfAllSmallExpressions) {
  const Vocabulary vocabulary{whole_vocabulary().operators, {"x"}, {}, {0, 1, -1, 2}};
  Rng rng(1);
  for (std::size_t nodes = 1; nodes <= 4; ++nodes) {
    for (const Expr& e : all_expressions(vocabulary, nodes)) expect_same_value(e, simplify(e), rng);
  }
}

RC_GTEST_PROP(Simplify, IsDoneInOnePass, ()) {
  const Expr once = simplify(*any_expression(whole_vocabulary(), 30));
  RC_ASSERT(simplify(once) == once);
}

}  // namespace
}  // namespace energylens::expr
