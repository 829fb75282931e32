// SPDX-License-Identifier: Apache-2.0
#include "emit/expression.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/expr/text.hpp"

namespace energylens::emit {
namespace {

std::string in_c(const std::string& formula) {
  const Notation c{forms_of_c(), decimal_text, [](const std::string& name) { return name; }};
  return text_of(expr::parse(formula), c);
}

TEST(Expression, KeepsTheOrderOfOperations) {
  EXPECT_EQ(in_c("a+(b+c)"), "a + (b + c)");
  EXPECT_EQ(in_c("a-(b-c)"), "a - (b - c)");
  EXPECT_EQ(in_c("a/(b*c)"), "a / (b * c)");
  EXPECT_EQ(in_c("(a+b)*c"), "(a + b) * c");
  EXPECT_EQ(in_c("a*b+c/d"), "a * b + c / d");
}

TEST(Expression, PutsSignsAndNegativeNumbersInParentheses) {
  EXPECT_EQ(in_c("-a^2"), "(-pow(a, 2.0))");
  EXPECT_EQ(in_c("a*-2"), "a * (-2.0)");
  EXPECT_EQ(in_c("-(a+b)"), "(-(a + b))");
}

TEST(Expression, FunctionsTakeBareOperands) {
  EXPECT_EQ(in_c("min(a+b, max(c, 1))"), "fmin(a + b, fmax(c, 1.0))");
  EXPECT_EQ(in_c("floor(a/b)"), "floor(a / b)");
}

TEST(Expression, EveryOperatorHasAForm) {
  const Forms forms = forms_of_c();
  for (std::size_t op = static_cast<std::size_t>(expr::Op::add); op < expr::kOps; ++op)
    EXPECT_FALSE(forms[op].empty()) << op;
}

TEST(Expression, NumbersAreExact) {
  EXPECT_EQ(decimal_text(0.1), "0.1");
  EXPECT_EQ(decimal_text(2), "2.0");
  EXPECT_EQ(std::strtod(decimal_text(1.0 / 3).c_str(), nullptr), 1.0 / 3);
}

}  // namespace
}  // namespace energylens::emit
