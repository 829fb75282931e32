// SPDX-License-Identifier: Apache-2.0
#include "energylens/search/front.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/wire/json.hpp"
#include "samples.hpp"
#include "search/archive.hpp"
#include "search/describe.hpp"

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
  const wire::Json json = wire::parse_json(front_json(front, p), "front.json");
  EXPECT_EQ(json.array_at("formulas").size(), front.formulas.size());
  const wire::Json& last = json.array_at("formulas").back();
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
  for (Formula& f : front.formulas) f.cv_mape = kUnknown;
  pick(front, Pick::cross_validation);
  EXPECT_EQ(front.chosen().complexity, 3) << "nothing to pick by";
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
  EXPECT_EQ(chosen({formula(0.1, kUnknown, 30), formula(0.02, kUnknown, 5)}), 1) << "no rows were left out";
}

}  // namespace
}  // namespace energylens::search
