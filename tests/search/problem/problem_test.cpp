// SPDX-License-Identifier: Apache-2.0
// Bad input is rejected with one line.
#include "energylens/search/problem.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "energylens/core/error.hpp"
#include "search/samples.hpp"

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

TEST(Warnings, NameInputsOfTwoValuesInOneLine) {
  Problem p = good();
  EXPECT_TRUE(warnings(p).empty());
  p.inputs[0].values = {1, 512, 1, 1, 512, 1};
  EXPECT_EQ(warnings(p),
            std::vector<std::string>{"only two values of x (1 and 512): any shape passes through two "
                                     "points, so its exponent is determined by the form, not by the rows"});
  p.inputs[1].values = {2, 2, 4, 2, 4, 2};
  ASSERT_EQ(warnings(p).size(), 1U);
  EXPECT_THAT(warnings(p)[0], testing::HasSubstr("x (1 and 512), y (2 and 4)"));
  p.inputs[1].values[5] = 8;
  EXPECT_THAT(warnings(p)[0], testing::Not(testing::HasSubstr("y (")));
  // A third value in a row outside the search does not matter.
  p.inputs[1].values = {2, 2, 4, 2, 4, 8};
  EXPECT_THAT(warnings(subset(p, {true, true, true, true, true, false}))[0],
              testing::HasSubstr("y (2 and 4)"));
}

TEST(BadInput, IsNamedInOneLine) {
  EXPECT_EQ(refusal([](Problem&, Options&) {}), "");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target.assign(6, 2.5); }),
            "\"y\" is 2.5 in every row, so there is no variation to explain");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target[3] = kUnknown; }),
            "\"y\" is nan in row 4: every value must be finite");
  for (const double far : {3e151, -1e200, 2e-151, -1e-300}) {
    EXPECT_THAT(refusal([far](Problem& p, Options&) { p.target[1] = far; }),
                testing::HasSubstr("in row 2: give it in a unit in which it lies between 1e-150 and 1e150"));
  }
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target[1] = 1e149; }), "");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[0].values[1] = 1.0 / 0.0; }),
            "\"x\" is inf in row 2: every value must be finite");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[0].values.assign(6, 1.0); }),
            "the column \"x\" is constant: its effect cannot be determined");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].values = p.inputs[0].values; }),
            "the columns \"x\" and \"y\" are equal: remove one of them");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].name = "x"; }), "the column \"x\" occurs twice");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].name = "2x"; }),
            "\"2x\" is not a valid name in a formula");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs[1].values.pop_back(); }),
            "\"y\" has 5 values where \"x\" has 6");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.inputs.clear(); }), "there are no input columns");
  EXPECT_EQ(refusal([](Problem& p, Options&) { p.target.clear(); }), "there are no rows");
  EXPECT_EQ(refusal([](Problem& p, Options& o) {
              p.groups = {0, 0, 1, 1, 2, 2};
              p.groups = {0, 1, 2, 3, 4, 5};
              o.coefficients = Scope::per_group;
            }),
            "6 rows cannot determine 6 constants");
  EXPECT_EQ(refusal([](Problem& p, Options& o) {
              p.target[0] = -1;
              o.loss = Loss::log_error;
            }),
            "\"y\" is -1 in row 1: relative errors need targets above 0");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.guesses = {"a*x +"}; }), "--guess:1:6: expected an operand");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.rising = {"w"}; }),
            "unknown column \"w\": the formula cannot be required to rise in it");
  EXPECT_EQ(refusal([](Problem&, Options& o) { o.resume = true; }), "resuming requires a checkpoint folder");
}

TEST(Operators, AreReadWithTheirPrices) {
  const std::vector<OperatorCost> found = parse_operators("+,*,exp:2.5");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[2].name, "exp");
  EXPECT_EQ(found[2].cost, 2.5);
  const auto refused = [](const char* text) -> std::string {
    try {
      parse_operators(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refused("+,*,sqr"), "unknown operator \"sqr\"; did you mean \"sqrt\"?");
  EXPECT_EQ(refused("+,*,exp:x"), "\"exp:x\" is not an operator and its cost, such as exp:3");
  EXPECT_EQ(refused("+,*,exp:0"), "the cost of the operator \"exp\" must be above 0");
  EXPECT_EQ(refused("+,exp"), "the operator \"*\" is required: formulas are sums of products");
}

TEST(Fingerprint, ChangesWithAnyNumber) {
  Problem p = good();
  const std::string before = p.fingerprint();
  EXPECT_EQ(good().fingerprint(), before);
  p.inputs[1].values[5] += 1e-12;
  EXPECT_NE(p.fingerprint(), before);
}

TEST(Subset, KeepsRowsWithTheirSharesGroupsAndFolds) {
  Problem p = sample_problem("x + y", {{"x"}, {"y"}}, "1", 6);
  p.target.resize(3);
  p.shares = {{0, 0, 2}, {0, 1, 1}, {1, 2, 1}, {2, 3, 3}, {2, 4, 1}};
  p.groups = {0, 1, 0};
  p.folds = {0, 1, 2};
  const Problem kept = subset(p, {true, false, true});
  EXPECT_EQ(kept.target, (std::vector<double>{p.target[0], p.target[2]}));
  EXPECT_EQ(kept.groups, (std::vector<std::size_t>{0, 0}));
  EXPECT_EQ(kept.folds, (std::vector<std::size_t>{0, 2}));
  ASSERT_EQ(kept.shares.size(), 4u);
  EXPECT_EQ(kept.shares[2].row, 1u);
  EXPECT_EQ(kept.shares[2].point, 3u);
  EXPECT_EQ(kept.points(), 6u);
}

TEST(Subset, OfPlainRowsPicksTheirInputs) {
  const Problem p = sample_problem("x + y", {{"x"}, {"y"}}, "1", 3);
  const Problem kept = subset(p, {false, true, true});
  EXPECT_EQ(kept.inputs[1].values, (std::vector<double>{p.inputs[1].values[1], p.inputs[1].values[2]}));
  EXPECT_EQ(subset(p, {true, true, true}).fingerprint(), p.fingerprint());
}

TEST(DistinctRows, CountRepeatsOnceAndRowsOfOtherGroupsOrWavesApart) {
  Problem p = good();
  EXPECT_EQ(distinct_rows(p), 6u);
  for (Input& input : p.inputs) input.values[3] = input.values[1];
  EXPECT_EQ(distinct_rows(p), 5u);
  p.groups = {0, 0, 0, 1, 1, 1};
  EXPECT_EQ(distinct_rows(p), 6u);
  p.groups.clear();
  for (std::size_t i = 0; i < 6; ++i) p.shares.push_back({i, i, i == 3 ? 2.0 : 1.0});
  EXPECT_EQ(distinct_rows(p), 6u) << "twice the wave";
}

TEST(Problem, InputsOfOneValueBecomeConstants) {
  Problem p = sample_problem("x + y", {{"x"}, {"y"}}, "1", 5);
  p.inputs[0].values.assign(5, 2.5);
  EXPECT_EQ(set_constants_aside(p), std::vector<std::string>{"x"});
  EXPECT_EQ(p.inputs.size(), 1u);
  EXPECT_EQ(p.constants.at(0).value, 2.5);
}

TEST(Problem, FoldsThatLeaveAGroupEmptyAreRefused) {
  Problem p = sample_problem("x + y", {{"x"}, {"y"}}, "1", 4);
  p.groups = {0, 0, 1, 1};
  p.folds = {0, 1, 0, 1};
  EXPECT_NO_THROW(check(p));
  p.folds = {0, 1, 1, 1};
  EXPECT_THROW(check(p), Error);
  p.folds = {0, 1};
  EXPECT_THROW(check(p), Error);
}

}  // namespace
}  // namespace energylens::search
