// SPDX-License-Identifier: Apache-2.0
// Recovery of known formulas, the same front at any number of threads, clean cancel.
#include "energylens/search/search.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "energylens/core/error.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

struct Known {
  const char* name;
  const char* formula;
  std::vector<SampleInput> inputs;
  const char* unit = "1";
};

void PrintTo(const Known& known, std::ostream* out) {
  *out << known.name;
}

class Recovery : public testing::TestWithParam<Known> {};

TEST_P(Recovery, FindsTheFormula) {
  const Known& k = GetParam();
  const Front front = search(sample_problem(k.formula, k.inputs, k.unit), small_search());
  EXPECT_LT(front.chosen().loss, 1e-18) << front.chosen().text();
  EXPECT_EQ(front.why, Ended::target_loss);
}

// Lengths in byte, masses in token, temperatures in request.
INSTANTIATE_TEST_SUITE_P(
    Formulas, Recovery,
    testing::Values(
        Known{"product", "x*y^2/z", {{"x"}, {"y"}, {"z"}}},
        Known{"kinetic",
              "0.5*m*(u^2 + v^2 + w^2)",
              {{"m", "token"}, {"u", "byte/s"}, {"v", "byte/s"}, {"w", "byte/s"}},
              "token byte^2/s^2"},
        Known{
            "mass", "m/sqrt(1 - v^2/c^2)", {{"m", "token"}, {"v", "byte/s"}, {"c", "byte/s", 6, 9}}, "token"},
        Known{"distance",
              "sqrt((a - b)^2 + (c - d)^2)",
              {{"a", "byte"}, {"b", "byte"}, {"c", "byte"}, {"d", "byte"}},
              "byte"},
        Known{"lens", "1/(1/a + n/b)", {{"a", "byte"}, {"b", "byte"}, {"n"}}, "byte"},
        Known{"centre",
              "(m*r + n*q)/(m + n)",
              {{"m", "token"}, {"n", "token"}, {"r", "byte"}, {"q", "byte"}},
              "byte"},
        Known{"velocities",
              "(u + v)/(1 + u*v/c^2)",
              {{"u", "byte/s"}, {"v", "byte/s"}, {"c", "byte/s", 6, 9}},
              "byte/s"},
        Known{"expansion",
              "n*k*t*log(v/u)",
              {{"n"}, {"k", "J/request"}, {"t", "request"}, {"v", "byte"}, {"u", "byte"}},
              "J"},
        Known{"decay",
              "n*exp(-m*g*h/(k*t))",
              {{"n"},
               {"m", "token"},
               {"g", "byte/s^2"},
               {"h", "byte"},
               {"k", "token byte^2/(s^2 request)"},
               {"t", "request"}}},
        Known{"potential",
              "g*m*n*(1/r - 1/q)",
              {{"g", "byte^3/(token s^2)"}, {"m", "token"}, {"n", "token"}, {"r", "byte"}, {"q", "byte"}},
              "token byte^2/s^2"},
        Known{"normal", "exp(-(x/s)^2/2)/s", {{"x"}, {"s"}}},
        Known{"powers", "3*x^1.5 + 2*y", {{"x"}, {"y"}}}),
    [](const auto& test) { return std::string(test.param.name); });

Problem noisy() {
  return sample_problem("2*x^0.7*y + 3*z", {{"x"}, {"y"}, {"z"}}, "1", 40, 0.02);
}

Options steady(int threads) {
  Options o = small_search(1000);
  o.loss = Loss::log_error;
  o.real_exponents = true;
  o.positive_coefficients = true;
  o.threads = threads;
  o.seed = 3;
  return o;
}

TEST(Search, GivesTheSameFrontAtAnyNumberOfThreads) {
  const std::string one = front_json(search(noisy(), steady(1)), noisy());
  EXPECT_EQ(front_json(search(noisy(), steady(2)), noisy()), one);
  EXPECT_EQ(front_json(search(noisy(), steady(8)), noisy()), one);
}

TEST(Search, FindsRealExponentsInNoise) {
  Options o = steady(2);
  o.evaluations = 5000;
  const Front front = search(noisy(), o);
  const Formula& chosen = front.chosen();
  EXPECT_LT(chosen.loss, 0.022 * 0.022);
  EXPECT_LE(chosen.complexity, 15);
}

TEST(Search, BeginsWithGuesses) {
  Options o = small_search(1);
  o.guesses = {"a*x^2 + b*y*z"};
  const Front front = search(sample_problem("3*x^2 + 2*y*z", {{"x"}, {"y"}, {"z"}}), o);
  EXPECT_LT(front.chosen().loss, 1e-18);
  o.guesses = {"a*x + m"};
  Problem with_units = physical_problem();
  EXPECT_THROW(search(with_units, o), Error);
}

TEST(Search, SaysWhichGuessesComeToNothingAndWhy) {
  const Problem p = sample_problem("3*x^2 + 2*y*z", {{"x"}, {"y"}, {"z"}});
  Options o = small_search(300);
  o.guesses = {"a*x^2 + b*y*z", "a*log(-x)", "1/0", "a*sin(x) + b"};
  const std::vector<std::string> said = warnings(search(p, o));
  const std::vector<std::string> expected = {
      "guess 2 could not be fitted: it is not finite at every row",
      "guess 3 could not be fitted: it is not finite at every row",
      "guess 4 could not be fitted: it uses sin, which is not among the operators"};
  EXPECT_EQ(said, expected);
  o.max_complexity = 8;
  o.guesses.resize(1);
  EXPECT_EQ(warnings(search(p, o)),
            std::vector<std::string>{"guess 1 could not be fitted: it exceeds the maximum complexity"});
}

TEST(Search, UnitsThatLetNoInputEnterGiveAConstantAndAWarning) {
  Problem p = sample_problem("x*z + x^2", {{"x", "s", 1, 10}, {"z", "byte"}}, "J", 40, 0.01);
  Options o = small_search(3000);
  o.loss = Loss::log_error;
  o.real_exponents = o.positive_coefficients = true;
  o.constant_units = {parse_unit("J")};
  const Front front = search(p, o);
  EXPECT_EQ(front.formulas.size(), 1u) << hall_of_fame_csv(front);
  EXPECT_EQ(front.chosen().complexity, 1);
  ASSERT_EQ(warnings(front).size(), 1u);
  EXPECT_THAT(warnings(front)[0], testing::HasSubstr("y is in J, the inputs are x in s, z in byte"));
  EXPECT_THAT(warnings(front)[0], testing::HasSubstr("--units"));
  o.constant_units.push_back(parse_unit("J/s^2"));
  EXPECT_TRUE(warnings(search(p, o)).empty());
}

TEST(Search, CancelledGivesTheFrontSoFar) {
  CancelToken cancel;
  Options o = steady(2);
  o.evaluations = 0;
  o.cancel = &cancel;
  o.watch = [&](const Status& status) {
    if (status.evaluations > 0) cancel.cancel();
  };
  const Front front = search(noisy(), o);
  EXPECT_EQ(front.why, Ended::cancelled);
  EXPECT_FALSE(front.formulas.empty());
}

TEST(Search, LeavesStagesOfFewFormulasToTheIslands) {
  const auto reports = [](std::uint64_t evaluations) {
    int count = 0;
    Options o = small_search(evaluations);
    o.loss = Loss::relative;
    o.watch_every_s = 0;
    o.watch = [&](const Status&) { ++count; };
    const Front front = search(noisy(), o);
    EXPECT_FALSE(front.formulas.empty());
    EXPECT_GE(front.evaluations, evaluations * 9 / 10);
    return count;
  };
  EXPECT_LT(reports(200), 8) << "one per stage or generation";
}

TEST(Search, LooksAtTheLimitWithinStages) {
  // True from the fifth call on: it is called between the columns of a stage, not only after it.
  std::atomic<int> asked = 0;
  const CancelToken soon([&] { return ++asked > 5; });
  Options o = small_search(100000);
  o.cancel = &soon;
  EXPECT_THROW(search(noisy(), o), Error) << "nothing was fitted yet";
  EXPECT_LT(asked, 100);
}

TEST(Search, HoldsWishes) {
  Options o = steady(2);
  o.rising = {"x", "y", "z"};
  const Problem p = noisy();
  for (const Formula& f : search(p, o).formulas) {
    for (std::size_t input = 0; input < 3; ++input) {
      Problem larger = p;
      for (double& v : larger.inputs[input].values) v *= 1.02;
      const std::vector<double> before = predict(f, p), after = predict(f, larger);
      for (std::size_t i = 0; i < before.size(); ++i) EXPECT_GE(after[i], before[i] * (1 - 1e-7)) << f.text();
    }
  }
}

}  // namespace
}  // namespace energylens::search
