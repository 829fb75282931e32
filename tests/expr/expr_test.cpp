// SPDX-License-Identifier: Apache-2.0
#include "energylens/expr/expr.hpp"

#include <gmock/gmock.h>

#include <unordered_set>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "expr/generators.hpp"

namespace energylens::expr {
namespace {

using ::testing::ElementsAre;

const Expr x = Expr::variable("x"), y = Expr::variable("y"), a = Expr::parameter("a");

TEST(Expr, IsZeroByDefault) {
  EXPECT_EQ(Expr(), Expr::constant(0));
  EXPECT_EQ(Expr().size(), 1u);
}

TEST(Expr, KnowsItsOperandsAndNames) {
  const Expr e = a * (x + y) - pow(x, Expr::constant(2));
  EXPECT_EQ(e.size(), 9u);
  EXPECT_EQ(e.left(), a * (x + y));
  EXPECT_EQ(e.right(), pow(x, Expr::constant(2)));
  EXPECT_EQ(e.left().left(), a);
  EXPECT_EQ(e.left().right(), x + y);
  EXPECT_THAT(e.variables(), ElementsAre("x", "y"));
  EXPECT_THAT(e.parameters(), ElementsAre("a"));
  EXPECT_THAT(e.right().variables(), ElementsAre("x"));
  EXPECT_THAT(e.right().parameters(), ElementsAre());
}

TEST(Expr, EqualityIsStructural) {
  EXPECT_EQ(x + y, x + y);
  EXPECT_FALSE(x + y == y + x);
  EXPECT_FALSE(x + y == x - y);
  EXPECT_FALSE(Expr::variable("a") == a) << "a variable is no parameter";
  EXPECT_FALSE(x == Expr::constant(0));
  EXPECT_FALSE(Expr::constant(0.0) == Expr::constant(-0.0));
  EXPECT_EQ(Expr::constant(kUnknown), Expr::constant(-kUnknown));
}

TEST(Expr, EqualityAndHashIgnoreHowAnExpressionCameAbout) {
  const Expr alone = x * y;
  const Expr cut = (y + x * y).right();
  EXPECT_EQ(alone, cut);
  EXPECT_EQ(alone.hash(), cut.hash());
}

TEST(Expr, HashesOfSmallExpressionsDiffer) {
  const Vocabulary vocabulary{whole_vocabulary().operators, {"x", "y"}, {"a"}, {0, 1}};
  std::unordered_set<std::uint64_t> hashes;
  std::size_t count = 0;
  for (std::size_t nodes = 1; nodes <= 4; ++nodes) {
    for (const Expr& e : all_expressions(vocabulary, nodes)) {
      hashes.insert(e.hash());
      ++count;
    }
  }
  EXPECT_EQ(hashes.size(), count);
}

TEST(Expr, HashIsTheSameInEveryRun) {
  EXPECT_EQ((a * x + Expr::constant(2)).hash(), 5567716420700329535u);
}

TEST(Expr, RefusesNamesThatCannotBeRead) {
  for (const char* name : {"", "1x", "a b", "x-y", "exp", "min", "inf", "nan", "neg", "é"}) {
    EXPECT_THROW(Expr::variable(name), Error) << name;
    EXPECT_THROW(Expr::parameter(name), Error) << name;
  }
  EXPECT_NO_THROW(Expr::variable("_x_1"));
}

TEST(Expr, RefusesOneNameForTwoThings) {
  try {
    static_cast<void>(a + Expr::variable("a") * x);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "\"a\" is both a variable and a parameter");
  }
}

TEST(Substitute, ReplacesEveryOccurrence) {
  EXPECT_EQ(substitute(x * y + x, "x", a + y), (a + y) * y + (a + y));
  EXPECT_EQ(substitute(a * x, "a", Expr::constant(3)), Expr::constant(3) * x);
  EXPECT_EQ(substitute(x * y, "z", a), x * y);
  EXPECT_EQ(substitute(x, "x", x * x), x * x) << "the replacement itself is not replaced";
}

RC_GTEST_PROP(Expr, SubtreesPutTogetherAreTheWhole, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 40);
  if (arity(e.root().op) == 1) RC_ASSERT(Expr::apply(e.root().op, e.left()) == e);
  if (arity(e.root().op) == 2) {
    RC_ASSERT(Expr::apply(e.root().op, e.left(), e.right()) == e);
    RC_ASSERT(e.left().size() + e.right().size() + 1 == e.size());
  }
}

RC_GTEST_PROP(Substitute, ByItselfChangesNothing, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 40);
  RC_ASSERT(substitute(e, "x", Expr::variable("x")) == e);
}

}  // namespace
}  // namespace energylens::expr
