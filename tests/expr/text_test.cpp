// SPDX-License-Identifier: Apache-2.0
#include "energylens/expr/text.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/error.hpp"
#include "expr/generators.hpp"

namespace energylens::expr {
namespace {

const std::vector<std::string> kParameters = whole_vocabulary().parameters;
const ParseOptions kOptions{kParameters, {}, "formula"};

const Expr x = Expr::variable("x"), y = Expr::variable("y"), z = Expr::variable("z");
const Expr two = Expr::constant(2), three = Expr::constant(3);

TEST(Parse, FollowsTheUsualPrecedence) {
  EXPECT_EQ(parse("x + y*z"), x + y * z);
  EXPECT_EQ(parse("(x + y)*z"), (x + y) * z);
  EXPECT_EQ(parse("x - y - z"), (x - y) - z);
  EXPECT_EQ(parse("x/y/z"), (x / y) / z);
  EXPECT_EQ(parse("x/y*z"), (x / y) * z);
  EXPECT_EQ(parse("x^y^z"), pow(x, pow(y, z)));
  EXPECT_EQ(parse("-x^2"), -pow(x, two));
  EXPECT_EQ(parse("-x*y"), -x * y);
  EXPECT_EQ(parse("2^-x"), pow(two, -x));
  EXPECT_EQ(parse("2^-x^y"), pow(two, -pow(x, y)));
  EXPECT_EQ(parse("x*-y"), x * -y);
  EXPECT_EQ(parse("x - -y"), x - -y);
  EXPECT_EQ(parse(" \tx\n+\r\ny "), x + y);
}

TEST(Parse, GivesASignBeforeANumberToTheNumber) {
  EXPECT_EQ(parse("-2"), Expr::constant(-2));
  EXPECT_EQ(parse("- 2"), Expr::constant(-2));
  EXPECT_EQ(parse("-2*x"), Expr::constant(-2) * x);
  EXPECT_EQ(parse("x^-2"), pow(x, Expr::constant(-2)));
  EXPECT_EQ(parse("-2^x"), -pow(two, x));
  EXPECT_EQ(parse("(-2)^x"), pow(Expr::constant(-2), x));
  EXPECT_EQ(parse("-(2)"), -two);
  EXPECT_EQ(parse("--2"), -Expr::constant(-2));
  EXPECT_EQ(parse("-inf"), Expr::constant(-INFINITY));
}

TEST(Parse, ReadsNumbersExactly) {
  EXPECT_EQ(parse("0.1"), Expr::constant(0.1));
  EXPECT_EQ(parse(".5"), Expr::constant(0.5));
  EXPECT_EQ(parse("5."), Expr::constant(5));
  EXPECT_EQ(parse("1e3"), Expr::constant(1000));
  EXPECT_EQ(parse("1.5E-3"), Expr::constant(0.0015));
  EXPECT_EQ(parse("2e+2*x"), Expr::constant(200) * x);
  EXPECT_EQ(parse("9007199254740993"), Expr::constant(9007199254740992));
  EXPECT_EQ(parse("5e-324"), Expr::constant(5e-324));
}

TEST(Parse, ReadsFunctions) {
  EXPECT_EQ(parse("min(x, y)"), Expr::apply(Op::minimum, x, y));
  EXPECT_EQ(parse("exp (x)^2"), pow(Expr::apply(Op::exp, x), two));
  EXPECT_EQ(parse("floor(ceil(abs(sqrt(log(step(x))))))").size(), 7u);
}

TEST(Parse, TellsParametersFromVariables) {
  const Expr e = parse("a0*isl^b12 + c", kOptions);
  EXPECT_EQ(e.parameters(), (std::vector<std::string>{"a0", "b12"}));
  EXPECT_EQ(e.variables(), (std::vector<std::string>{"isl", "c"}));
}

struct Refused {
  const char* text;
  const char* message;
};

std::string refusal(std::string_view text, const ParseOptions& options = {}) {
  try {
    static_cast<void>(parse(text, options));
    return "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::bad_input);
    return error.what();
  }
}

class RefusedText : public ::testing::TestWithParam<Refused> {};
TEST_P(RefusedText, NamesTheCharacter) {
  EXPECT_EQ(refusal(GetParam().text), GetParam().message);
}
INSTANTIATE_TEST_SUITE_P(
    Parse, RefusedText,
    ::testing::Values(Refused{"", "formula:1:1: expected an operand"},                      //
                      Refused{"x + ", "formula:1:5: expected an operand"},                  //
                      Refused{"x y", "formula:1:3: expected an operator"},                  //
                      Refused{"2x", "formula:1:2: expected an operator"},                   //
                      Refused{"x)", "formula:1:2: expected an operator"},                   //
                      Refused{"(x + y", "formula:1:7: expected ')'"},                       //
                      Refused{"x ** 2", "formula:1:4: expected an operand"},                //
                      Refused{"x\n + * y", "formula:2:4: expected an operand"},             //
                      Refused{"é + x", "formula:1:1: expected an operand"},                 //
                      Refused{"x + é", "formula:1:5: expected an operand"},                 //
                      Refused{"x é + y", "formula:1:3: expected an operator"},              //
                      Refused{"foo(x)", "formula:1:1: unknown function \"foo\""},           //
                      Refused{"exp", "formula:1:4: expected '(' after exp"},                //
                      Refused{"min(x)", "formula:1:1: min takes 2 operands, not 1"},        //
                      Refused{"1 + exp(x, y)", "formula:1:5: exp takes 1 operand, not 2"},  //
                      Refused{"exp()", "formula:1:5: expected an operand"},                 //
                      Refused{"neg + 1",
                              "formula:1:1: \"neg\" is a reserved name and cannot name a quantity"},
                      Refused{"1e999", "formula:1:1: \"1e999\" is not a number within the range of double"},
                      Refused{"1..2", "formula:1:3: expected an operator"},  //
                      Refused{"0x10", "formula:1:2: expected an operator"}));

TEST(Parse, CountsCharactersNotBytes) {
  EXPECT_EQ(refusal("x*(é"), "formula:1:4: expected an operand");
}

TEST(Parse, RefusesUnknownVariablesNamingTheNearOne) {
  const std::vector<std::string> variables{"batch", "isl"};
  const ParseOptions options{kParameters, variables, "--guess"};
  EXPECT_EQ(refusal("a0*batc", options), "--guess:1:4: unknown name \"batc\"; did you mean \"batch\"?");
  EXPECT_EQ(refusal("a0*qqqqqqqqqqq", options),
            "--guess:1:4: unknown name \"qqqqqqqqqqq\"; available: batch, isl, a0, b12");
}

TEST(Parse, RefusesDeepNestingInsteadOfOverflowing) {
  const auto nested = [](const std::string& open, std::size_t n, const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += open;
    text += 'x';
    for (std::size_t i = 0; i < n; ++i) text += close;
    return text;
  };
  EXPECT_EQ(parse(nested("(", 999, ")")), x);
  EXPECT_EQ(refusal(nested("(", 1000, ")")), "formula:1:1001: more than 1000 nested operands");
  for (const char* open : {"(", "-", "2^", "exp(", "min(x,"}) {
    EXPECT_NE(refusal(nested(open, 200000, ")")).find("more than 1000 nested operands"), std::string::npos)
        << open;
  }
}

TEST(Parse, TakesLongSumsInLinearTime) {
  std::string text = "x";
  for (int i = 0; i < 100000; ++i) text += " + x";
  const Expr e = parse(text);
  EXPECT_EQ(e.size(), 200001u);
  EXPECT_EQ(print(e), text);
}

TEST(Print, UsesTheFewestParentheses) {
  for (const char* text :
       {"x + y*z",   "(x + y)*z", "x - (y + z)", "x + (y + z)", "x/(y*z)", "x^y^z",      "(x^y)^z",
        "-x^2",      "(-x)^2",    "2^-x",        "x*-y",        "-x*y",    "-(x*y)",     "--x",
        "x - -2",    "-2*x",      "(-2)^x",      "-2^x",        "-(2)",    "exp(x + y)", "min(x, max(y, z))",
        "-exp(x)^2", "x^(y + z)", "(x*y)^z",     "inf",         "-inf",    "nan",        "0.1",
        "1e+300",    "5e-324",    "-0"}) {
    EXPECT_EQ(print(parse(text)), text);
  }
}

RC_GTEST_PROP(Print, AndParseAreInverse, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 40);
  RC_ASSERT(parse(print(e), kOptions) == e);
}

TEST(Print, AndParseAreInverseForAllSmallExpressions) {
  const Vocabulary vocabulary{whole_vocabulary().operators, {"x"}, {"a0"}, {2, -2}};
  for (std::size_t nodes = 1; nodes <= 5; ++nodes) {
    for (const Expr& e : all_expressions(nodes < 5 ? vocabulary : arithmetic_vocabulary(), nodes)) {
      ASSERT_EQ(parse(print(e), kOptions), e) << print(e);
    }
  }
}

// Removing any one pair of matching parentheses that is no call's changes what is read, or makes it
// unreadable.
RC_GTEST_PROP(Print, HasNoSuperfluousParentheses, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 20);
  const std::string text = print(e);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(') open.push_back(i);
    if (text[i] != ')') continue;
    const std::size_t begin = open.back();
    open.pop_back();
    if (begin > 0 && std::isalpha(static_cast<unsigned char>(text[begin - 1]))) continue;
    std::string less = text;
    less[begin] = less[i] = ' ';
    RC_ASSERT(refusal(less, kOptions) != "accepted" || !(parse(less, kOptions) == e));
  }
}

TEST(Postfix, IsWrittenAndRead) {
  const Expr e = parse("a0*(x - 2)^-y + min(x, -(3))", kOptions);
  EXPECT_EQ(print_postfix(e), "a0 x 2 - y neg ^ * x 3 neg min +");
  EXPECT_EQ(parse_postfix(print_postfix(e), kOptions), e);
}

RC_GTEST_PROP(Postfix, PrintAndParseAreInverse, ()) {
  const Expr e = *any_expression(whole_vocabulary(), 40);
  RC_ASSERT(parse_postfix(print_postfix(e), kOptions) == e);
}

TEST(Postfix, NamesTheWordThatIsWrong) {
  const auto message = [](const char* text) -> std::string {
    try {
      static_cast<void>(parse_postfix(text));
      return "accepted";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(message(""), "formula:1:1: expected an operand");
  EXPECT_EQ(message("x +"), "formula:1:3: \"+\" lacks an operand");
  EXPECT_EQ(message("x y"), "formula:1:4: expected an operator");
  EXPECT_EQ(message("x 1.2.3 +"), "formula:1:3: \"1.2.3\" is not a number within the range of double");
  EXPECT_EQ(message("x y) +"), "formula:1:3: \"y)\" is not a valid name in a formula");
}

TEST(Latex, IsMathematicsAsPrinted) {
  const auto latex = [](const char* text) { return print_latex(parse(text, kOptions)); };
  EXPECT_EQ(latex("a0*isl^b12"), "a_{0} \\cdot \\mathrm{isl}^{b_{12}}");
  EXPECT_EQ(latex("(x + 1)/(x*y)"), "\\frac{x + 1}{x \\cdot y}");
  EXPECT_EQ(latex("(x/y)^2"), "\\left(\\frac{x}{y}\\right)^{2}");
  EXPECT_EQ(latex("(x + 1)^(y + 1)*x"), "\\left(x + 1\\right)^{y + 1} \\cdot x");
  EXPECT_EQ(latex("x - -y"), "x - \\left(-y\\right)");
  EXPECT_EQ(latex("x + y*z"), "x + y \\cdot z");
  EXPECT_EQ(latex("x + -2*y"), "x + \\left(-2 \\cdot y\\right)");
  EXPECT_EQ(latex("1.5e-7*kv_bytes"), "1.5 \\cdot 10^{-7} \\cdot \\mathrm{kv\\_bytes}");
  EXPECT_EQ(latex("x/1e30"), "\\frac{x}{1 \\cdot 10^{30}}");
  EXPECT_EQ(latex("exp(x)^2 + sqrt(x)"), "\\left(e^{x}\\right)^{2} + \\sqrt{x}");
  EXPECT_EQ(latex("min(x, log(y)) - (x - y)"),
            "\\min\\left(x, \\ln\\left(y\\right)\\right) - \\left(x - y\\right)");
  EXPECT_EQ(latex("floor(x)*abs(y)*-2"),
            "\\left\\lfloor x\\right\\rfloor \\cdot \\left|y\\right| \\cdot \\left(-2\\right)");
}

}  // namespace
}  // namespace energylens::expr
