// SPDX-License-Identifier: Apache-2.0
#include "search/problem/form.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

Problem with_form(const std::string& form) {
  Problem p = sample_problem("x + y*z", {{"x"}, {"y"}, {"z"}});
  p.form = form;
  return p;
}

std::string refusal(const std::string& form) {
  try {
    read_form(with_form(form));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Form, IsOnePartOverAllInputsIfNoneIsGiven) {
  const Form form = read_form(with_form(""));
  ASSERT_EQ(form.parts.size(), 1u);
  EXPECT_EQ(form.parts[0].inputs, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_TRUE(form.bare);
}

TEST(Form, HasPartsWithTheirInputsAndMultipliers) {
  const Form form = read_form(with_form("start(x) + y*decode( z, x ) + exp(z)"));
  ASSERT_EQ(form.parts.size(), 2u);
  EXPECT_EQ(form.parts[0].inputs, (std::vector<std::size_t>{0}));
  EXPECT_EQ(form.parts[1].inputs, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(expr::print(form.parts[0].multiplier), "1");
  EXPECT_EQ(expr::print(form.parts[1].multiplier), "y");
  EXPECT_EQ(expr::print(form.given), "exp(z)");
}

TEST(Form, MayNameConstantColumns) {
  Problem p = with_form("one*f(x, one)");
  p.constants = {{"one", 4}};
  const Form form = read_form(p);
  EXPECT_EQ(form.parts[0].inputs, (std::vector<std::size_t>{0}));
  EXPECT_EQ(expr::print(form.parts[0].multiplier), "4");
}

TEST(Form, RefusesWhatItCannotBe) {
  EXPECT_EQ(refusal("f(x, bacth)"), "form: unknown column \"bacth\"; available: x, y, z");
  EXPECT_EQ(refusal("f(x) + w"), "form: unknown column \"w\"; available: x, y, z");
  EXPECT_EQ(refusal("x + y"), "form: there is no free part such as f(x, y)");
  EXPECT_EQ(refusal("f(x) + f(y)"), "form: the part \"f\" occurs twice");
  EXPECT_EQ(refusal("f(x)*g(y)"),
            "form: the form must be a sum of parts times given factors; \"f\" does not enter that way");
  EXPECT_EQ(refusal("exp(f(x))"),
            "form: the form must be a sum of parts times given factors; \"f\" does not enter that way");
  EXPECT_EQ(refusal("f(x"), "form: missing \")\" after the part \"f\"");
  EXPECT_EQ(refusal("f()"), "form: the part \"f\" has no inputs");
  EXPECT_THAT(refusal("f(x) + "), testing::HasSubstr("form:1:"));
}

TEST(Form, FindsBothParts) {
  Problem p = sample_problem("3*x + y*(2*z + 5)", {{"x"}, {"y"}, {"z"}});
  p.form = "start(x) + y*each(z)";
  const Front front = search(p, small_search(1500));
  EXPECT_LT(front.chosen().loss, 1e-18);
  EXPECT_EQ(front.chosen().text(), "3*x + y*(5 + 2*z)");
}

}  // namespace
}  // namespace energylens::search
