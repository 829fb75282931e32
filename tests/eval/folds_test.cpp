// SPDX-License-Identifier: Apache-2.0
#include "eval/held_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "eval/worked_example.hpp"

namespace energylens::eval {
namespace {

using testing::ElementsAre;

EvaluationOptions selection(std::size_t train, int seeds = 2) {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = train, .seeds = seeds};
  return options;
}

EvaluationOptions loo(Unit unit) {
  EvaluationOptions options;
  options.protocol = LooOptions{unit};
  return options;
}

std::unique_ptr<Plan> plan_of(std::span<const table::Group> groups, const EvaluationOptions& options) {
  return make_plan(groups, Setting{options, true, true});
}

TEST(Selection, TheWorkedExample) {
  const table::Group group = worked_example();
  const auto plan = plan_of(std::span(&group, 1), selection(6));
  ASSERT_EQ(plan->size(), 2u);
  const Part seed0 = plan->fold(0).parts[0];
  EXPECT_THAT(seed0.test, ElementsAre(10, 11, 14, 15, 2, 3));
  EXPECT_THAT(seed0.train, ElementsAre(18, 4, 8, 22, 0, 1));
  const Part seed1 = plan->fold(1).parts[0];
  EXPECT_THAT(seed1.test, ElementsAre(16, 17, 12, 13, 14, 15));
  EXPECT_THAT(seed1.train, ElementsAre(3, 5, 2, 19, 18, 4));
}

TEST(Selection, HoldsOutThirtyPercentRoundedUp) {
  for (const auto& [n, held_out] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 0}, {1, 1}, {3, 1}, {4, 2}, {10, 3}, {11, 4}, {195, 59}}) {
    EXPECT_EQ(held_out_scenarios(5, n).scenarios.size(), held_out) << n;
  }
}

TEST(Selection, TrainingAndTestNeverMeet) {
  const table::Group group = synthetic::smooth_group();
  const auto plan = plan_of(std::span(&group, 1), selection(1000, 10));
  for (std::size_t f = 0; f < plan->size(); ++f) {
    const Part part = plan->fold(f).parts[0];
    std::set<std::size_t> seen(part.train.begin(), part.train.end());
    EXPECT_EQ(seen.size() + part.test.size(), group.rows.size()) << "all that is not held out trains";
    for (const table::Scenario& scenario : part.scenarios)
      seen.insert(scenario.rows.begin(), scenario.rows.end());
    for (const std::size_t row : part.test) EXPECT_FALSE(seen.contains(row)) << "seed " << f;
  }
}

TEST(Selection, APooledFoldDrawsFromEveryGroup) {
  const std::vector<table::Group> groups = {worked_example(), synthetic::smooth_group()};
  EvaluationOptions options = selection(6);
  options.fit.pool = true;
  const auto plan = plan_of(groups, options);
  ASSERT_EQ(plan->size(), 2u);
  const Fold fold = plan->fold(0);
  ASSERT_EQ(fold.parts.size(), 2u);
  EXPECT_THAT(fold.parts[0].train, ElementsAre(18, 4, 8, 22, 0, 1)) << "as if alone";
  EXPECT_EQ(fold.parts[1].train.size(), 6u);
}

TEST(Loo, EveryRowOnce) {
  const table::Group group = worked_example();
  const auto plan = plan_of(std::span(&group, 1), loo(Unit::row));
  ASSERT_EQ(plan->size(), group.rows.size());
  for (std::size_t f = 0; f < plan->size(); ++f) {
    const Part part = plan->fold(f).parts[0];
    EXPECT_THAT(part.test, ElementsAre(f));
    EXPECT_EQ(part.train.size(), group.rows.size() - 1);
    EXPECT_EQ(part.scenarios.size(), f < 20 ? 9u : 10u) << "a scenario that lost a layout is no question";
    EXPECT_TRUE(part.questions.empty());
  }
}

TEST(Loo, EveryScenarioOnceAndOtherRowsOneAtATime) {
  const table::Group group = worked_example();
  const auto plan = plan_of(std::span(&group, 1), loo(Unit::scenario));
  ASSERT_EQ(plan->size(), 14u);
  EXPECT_THAT(plan->fold(3).parts[0].test, ElementsAre(6, 7));
  EXPECT_EQ(plan->fold(3).parts[0].questions.size(), 1u);
  EXPECT_THAT(plan->fold(12).parts[0].test, ElementsAre(22));
  EXPECT_TRUE(plan->fold(12).parts[0].questions.empty());
}

TEST(Loo, PooledFoldsTrainOnAllOtherGroups) {
  const std::vector<table::Group> groups = {worked_example(), worked_example()};
  EvaluationOptions options = loo(Unit::row);
  options.fit.pool = true;
  const auto plan = plan_of(groups, options);
  ASSERT_EQ(plan->size(), 48u);
  const Fold fold = plan->fold(30);
  EXPECT_EQ(fold.parts[0].train.size(), 24u);
  EXPECT_TRUE(fold.parts[0].test.empty());
  EXPECT_THAT(fold.parts[1].test, ElementsAre(6));
}

TEST(Loo, RowsWithoutEnergyTrainButAreNotAsked) {
  table::Group group = worked_example();
  group.rows[23].results.total_energy_j = kUnknown;
  const auto plan = plan_of(std::span(&group, 1), loo(Unit::row));
  EXPECT_EQ(plan->size(), 23u);
  EXPECT_EQ(plan->fold(0).parts[0].train.size(), 23u);
}

}  // namespace
}  // namespace energylens::eval
