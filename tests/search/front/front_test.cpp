// SPDX-License-Identifier: Apache-2.0
#include "energylens/search/front.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "search/fit/archive.hpp"
#include "search/front/describe.hpp"
#include "search/members.hpp"
#include "search/samples.hpp"

namespace energylens::search {
namespace {

Member member(double complexity, double loss) {
  Member m;
  m.complexity = complexity;
  m.fitted.loss = loss;
  return m;
}

TEST(Archive, KeepsTheBestOfEachComplexityAndItsFront) {
  Archive archive;
  EXPECT_TRUE(archive.admit(member(5, 1)));
  EXPECT_TRUE(archive.admit(member(7, 0.5)));
  EXPECT_FALSE(archive.admit(member(7, 0.6)));
  EXPECT_FALSE(archive.admit(member(9, 0.5))) << "no better than a simpler one";
  EXPECT_TRUE(archive.admit(member(3, 0.7)));
  EXPECT_FALSE(archive.admit(member(3, std::numeric_limits<double>::infinity())));
  std::vector<double> complexities;
  for (const Member* m : archive.front()) complexities.push_back(m->complexity);
  EXPECT_EQ(complexities, (std::vector<double>{3, 7}));
}

TEST(Archive, KeepsTheLeastOfAMeasure) {
  Archive archive([](const Member& m) { return -m.loss(); });
  EXPECT_TRUE(archive.admit(member(5, 1)));
  EXPECT_FALSE(archive.admit(member(5, 0.5)));
  EXPECT_TRUE(archive.admit(member(5, 2)));
  ASSERT_EQ(archive.front().size(), 1u);
  EXPECT_EQ(archive.front()[0]->loss(), 2);
}

/// Two groups of rows of (2 + g) x z^1.5 + (0.5 + g) x^2, with noise.
Problem two_groups() {
  const std::vector<SampleInput> inputs = {{"x", "1", 1, 10}, {"z", "1", 0.5, 5}};
  Problem p = sample_problem("2*x*z^1.5 + 0.5*x^2", inputs, "1", 50, 0.01);
  const Problem other = sample_problem("3*x*z^1.5 + 1.5*x^2", inputs, "1", 50, 0.01, 12);
  p.target.insert(p.target.end(), other.target.begin(), other.target.end());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::vector<double>& more = other.inputs[i].values;
    p.inputs[i].values.insert(p.inputs[i].values.end(), more.begin(), more.end());
  }
  for (std::size_t i = 0; i < 100; ++i) p.groups.push_back(i / 50);
  return p;
}

std::vector<Formula> described(const Bench& bench, const std::string& rough, int threads) {
  Archive archive;
  for (const char* simple : {"a*x*z", "a*x^2"}) archive.admit(*formula_from(bench, simple).member);
  archive.admit(*formula_from(bench, rough).member);
  RunOptions run;
  run.threads = threads;
  return describe(archive, bench.context, bench.problem, bench.form, run);
}

TEST(Describe, ExactExponentsStandInFrontOfFittedOnesThatFollowTheNoise) {
  Options options = power_laws();
  options.coefficients = Scope::per_group;
  const Bench bench(two_groups(), options);
  for (const std::string rough : {"a*x^p + b*z^q*x", "a*x^p + b*z^q*x^r", "a*x^p*z^s + b*z^1.5*x"}) {
    const Formula fitted = formula_from(bench, rough);
    ASSERT_GE(fitted.fitted_numbers(), 6u) << fitted.text();
    Front front;
    front.formulas = described(bench, rough, 1);
    EXPECT_EQ(front.chosen().fitted_numbers(), 4u) << front.chosen().text();
    EXPECT_THAT(front.chosen().text(), testing::HasSubstr("*x^2 "));
    EXPECT_THAT(front.chosen().text(), testing::HasSubstr("*z^1.5*x"));
    EXPECT_LT(front.chosen().description_length, fitted.description_length);
    Front threads;
    threads.formulas = described(bench, rough, 3);
    EXPECT_EQ(hall_of_fame_csv(threads), hall_of_fame_csv(front));
  }
}

Front noisy_front() {
  Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 80, 0.02);
  Options o = small_search(900);
  o.loss = Loss::relative;
  return search(p, o);
}

TEST(Front, FallsInErrorAndChoosesTheTruthDespiteNoise) {
  const Front front = noisy_front();
  ASSERT_GT(front.formulas.size(), 2u);
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < front.formulas.size(); ++i) {
    chosen += front.formulas[i].chosen ? 1 : 0;
    if (i == 0) continue;
    EXPECT_GT(front.formulas[i].complexity, front.formulas[i - 1].complexity);
    EXPECT_LT(front.formulas[i].loss, front.formulas[i - 1].loss);
    EXPECT_GT(front.formulas[i].score, 0);
  }
  EXPECT_EQ(chosen, 1u);
  EXPECT_EQ(front.chosen().complexity, 9);
  EXPECT_THAT(front.chosen().text(), testing::HasSubstr("*x^2"));
}

TEST(Front, PredictsWhatItsFormulaSays) {
  const Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 20);
  const Front front = search(p, small_search(600));
  const std::vector<double> said = predict(front.chosen(), p);
  for (std::size_t i = 0; i < 20; ++i) EXPECT_NEAR(said[i], p.target[i], 1e-9 * p.target[i]);
}

TEST(Front, IsWrittenAsCsvAndJson) {
  const Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 20);
  const Front front = search(p, small_search(600));
  const std::string csv = hall_of_fame_csv(front);
  EXPECT_TRUE(
      csv.starts_with("pick,complexity,loss,score,description_length,cv_loss,cv_mape,test_mape,equation\n"));
  EXPECT_THAT(csv, testing::HasSubstr("\n>>>>,9,"));
  const io::Json json = io::parse_json(front_json(front, p), "front.json");
  EXPECT_EQ(json.array_at("formulas").size(), front.formulas.size());
  const io::Json& last = json.array_at("formulas").back();
  EXPECT_EQ(expr::parse_postfix(last.text("postfix")).size(), front.formulas.back().expr.size());
}

TEST(Front, IsPickedByComplexityOrByRowsLeftOut) {
  Front front;
  for (const auto& [complexity, cv] : {std::pair{3.0, 0.3}, {7.0, 0.104}, {9.0, 0.1}, {11.0, 0.2}}) {
    Formula f;
    f.complexity = complexity;
    f.cv_mape = cv;
    f.chosen = complexity == 11;
    front.formulas.push_back(f);
  }
  pick(front, Pick::description_length);
  EXPECT_EQ(front.chosen().complexity, 11);
  pick(front, Pick::cross_validation);
  EXPECT_EQ(front.chosen().complexity, 7) << "as good as the longer one";
  pick(front, Pick::complexity, 6);
  EXPECT_EQ(front.chosen().complexity, 3);
  EXPECT_THROW(pick(front, Pick::complexity, 2), Error);
  front.formulas[2].saturated = true;
  front.formulas[1].cv_mape = 0.19;
  pick(front, Pick::cross_validation);
  EXPECT_EQ(front.chosen().complexity, 7) << "the error of one with as many numbers as rows is no measure";
  for (Formula& f : front.formulas) f.cv_mape = kUnknown;
  pick(front, Pick::cross_validation);
  EXPECT_EQ(front.chosen().complexity, 7) << "nothing to pick by";
}

/// Rows of steps that no short formula has, each alone in its fold.
Problem few_rows(std::size_t rows) {
  Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", rows, 0.2);
  for (std::size_t i = 0; i < rows; ++i) p.folds.push_back(i);
  return p;
}

TEST(Front, NoFormulaOfAsManyNumbersAsRowsIsPicked) {
  Options options = small_search(4000);
  options.loss = Loss::relative;
  options.target_loss = 0;
  Front front = search(few_rows(6), options);
  ASSERT_TRUE(front.formulas.back().saturated)
      << "with so few rows there is one, " << front.formulas.back().text();
  for (const Formula& f : front.formulas) EXPECT_EQ(f.saturated, f.fitted_numbers() >= 6) << f.text();
  EXPECT_FALSE(front.chosen().saturated) << front.chosen().text();
  pick(front, Pick::cross_validation);
  EXPECT_FALSE(front.chosen().saturated) << front.chosen().text();
  EXPECT_TRUE(warnings(front).empty());
}

TEST(Front, FormulasOfAsManyNumbersAsRowsSayNothingOfTheVariance) {
  Options options = small_search(4000);
  options.loss = Loss::relative;
  options.target_loss = 0;
  const Problem p = few_rows(6);
  const Front front = search(p, options);
  ASSERT_TRUE(front.formulas.back().saturated);
  double variance = kUnknown;
  for (const Formula& f : front.formulas) {
    if (!f.saturated && !(f.cv_loss >= variance)) variance = f.cv_loss;
  }
  ASSERT_TRUE(known(variance));
  const double symbols = static_cast<double>(p.inputs.size() + options.operators.size());
  for (const Formula& f : front.formulas) {
    const double length = 6 / 2.0 * (std::log(variance) + f.loss / variance) +
                          static_cast<double>(f.fitted_numbers()) / 2 * std::log(6.0) +
                          f.complexity * std::log(symbols);
    EXPECT_NEAR(f.description_length, length, 1e-9 * std::fabs(length)) << f.text();
  }
}

TEST(Front, WhereAllHaveAsManyNumbersAsRowsTheSimplestIsPickedWithAWarning) {
  Problem p = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 4, 0.1);
  for (Input& input : p.inputs)
    input.values = {input.values[0], input.values[0], input.values[1], input.values[1]};
  p.groups = {0, 0, 1, 1};  // a load of each, measured twice
  Options options = small_search(300);
  options.coefficients = Scope::per_group;
  const Front front = search(p, options);
  EXPECT_TRUE(front.formulas.front().chosen);
  ASSERT_EQ(warnings(front).size(), 1u) << hall_of_fame_csv(front);
  EXPECT_THAT(warnings(front)[0], testing::HasSubstr("too few"));
  const io::Json json = io::parse_json(front_json(front, p), "front.json");
  EXPECT_THAT(json.array_at("warnings").back().as_text(), testing::HasSubstr("too few"));
  EXPECT_TRUE(json.array_at("formulas").front().boolean("saturated"));
}

TEST(Front, IsJudgedByRowsItHasNotSeen) {
  Problem all = sample_problem("4*x^2 + 3*y", {{"x"}, {"y"}}, "1", 30);
  std::vector<bool> searched(30, true);
  searched[4] = searched[9] = false;
  Front front = search(subset(all, searched), small_search(600));
  all.target[4] *= 2;  // the truth is half of it
  judge_unseen(front, all, searched);
  EXPECT_EQ(front.test_rows, 2u);
  EXPECT_NEAR(front.formulas.back().test_mape, 0.25, 1e-6);
}

TEST(ChooseShortest, LeavesOutWhatDoesNotCarryOver) {
  const auto formula = [](double error, double left_out, double length) {
    Formula f;
    f.loss = error * error;
    f.cv_loss = left_out * left_out;
    f.description_length = length;
    return f;
  };
  const auto chosen = [](std::vector<Formula> formulas) {
    choose_shortest(formulas);
    const auto at = std::ranges::find_if(formulas, &Formula::chosen);
    return at - formulas.begin();
  };
  EXPECT_EQ(chosen({formula(0.1, 0.1, 30), formula(0.02, 0.13, 5), formula(0.02, 0.03, 10)}), 2);
  EXPECT_EQ(chosen({formula(0.1, 0.1, 30), formula(0.02, 0.039, 5), formula(0.02, 0.03, 10)}), 1) << "twice";
  EXPECT_EQ(chosen({formula(1e-15, 1e-13, 5), formula(0.1, 0.1, 30)}), 0) << "as good as any";
  const auto saturated = [&](double length) {
    Formula f = formula(1e-15, 1e-15, length);
    f.saturated = true;
    return f;
  };
  EXPECT_EQ(chosen({formula(0.1, 0.1, 30), formula(0.02, 0.03, 10), saturated(-200)}), 1);
  EXPECT_EQ(chosen({saturated(-100), saturated(-200)}), 0) << "nothing to choose by: the simplest";
  EXPECT_EQ(chosen({formula(0.1, kUnknown, 30), formula(0.02, kUnknown, 5)}), 1) << "no rows were left out";
}

}  // namespace
}  // namespace energylens::search
