// SPDX-License-Identifier: Apache-2.0
// Bad input is refused in one line.
#include "energylens/search/problem.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "energylens/core/error.hpp"
#include "samples.hpp"

namespace energylens::search {
namespace {

Problem good() {
  return sample_problem("x*y", {{"x"}, {"y"}}, "1", 6);
}

std::string refusal(const std::function<void(Problem&, Options&)>& spoil) {
  Problem p = good();
  Options o = small_search(300);
  spoil(p, o);
  try {
    search(p, o);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(BadInput, IsNamedInOneLine) {
  EXPECT_EQ(refusal([](Problem&, Options&) {}), "");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target.assign(6, 2.5); }),
            "\"y\" is 2.5 in every row: there is nothing to explain");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target[3] = kUnknown; }),
            "\"y\" is nan in row 4: every value must be finite");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[0].values[1] = 1.0 / 0.0; }),
            "\"x\" is inf in row 2: every value must be finite");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[0].values.assign(6, 1.0); }),
            "the column \"x\" is constant: no formula can tell what it does");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].values = p.inputs[0].values; }),
            "the columns \"x\" and \"y\" are equal: leave one out");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].name = "x"; }), "the column \"x\" occurs twice");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].name = "2x"; }),
            "\"2x\" is not a name in a formula");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].values.pop_back(); }),
            "\"y\" has 5 values where \"x\" has 6");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs.clear(); }),
            "there is no input column to make a formula of");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target.clear(); }), "there are no rows");
  EXPECT_EQ(refusal([](Problem& p, Options& o) {
              p.groups = {0, 0, 1, 1, 2, 2};
              p.groups = {0, 1, 2, 3, 4, 5};
              o.coefficients = Scope::per_group;
            }),
            "6 rows cannot fix 6 constants");
  EXPECT_EQ(refusal([](Problem& p, Options& o) {
              p.target[0] = -1;
              o.loss = Loss::log_error;
            }),
            "\"y\" is -1 in row 1: relative errors need targets above 0");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.guesses = {"a*x +"}; }), "guess:1:6: expected an operand");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.rising = {"w"}; }), "there is no column \"w\" to rise in");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.resume = true; }),
            "there is no checkpoint folder to resume from");
}

TEST(Operators, AreReadWithTheirPrices) {
  const std::vector<OperatorPrice> found = parse_operators("+,*,exp:2.5");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].name, "exp");
  EXPECT_EQ(found[2].price, 2.5);
  const auto refused = [](const char* text) -> std::string {
    try {
      parse_operators(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refused("+,*,sqr"), "\"sqr\" is no operator; did you mean \"sqrt\"?");
  EXPECT_EQ(refused("+,*,exp:x"), "\"exp:x\" is not an operator and its price, such as exp:3");
  EXPECT_EQ(refused("+,*,exp:0"), "the price of \"exp\" must be above 0");
  EXPECT_EQ(refused("+,exp"), "formulas are sums of products: the operator \"*\" is needed");
}

TEST(Fingerprint, ChangesWithAnyNumber) {
  Problem p = good();
  const std::string before = p.fingerprint();
  EXPECT_EQ(good().fingerprint(), before);
  p.inputs[1].values[5] += 1e-12;
  EXPECT_NE(p.fingerprint(), before);
}

}  // namespace
}  // namespace energylens::search
