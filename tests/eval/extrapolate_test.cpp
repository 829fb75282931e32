// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "energylens/eval/evaluate.hpp"
#include "eval/plan.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;
using testing::UnorderedElementsAre;

/// Rows 2k and 2k+1 are tp4 and tp8 at batch 2^k, k < 4; row 8 is tp8 alone at batch 16.
table::Group example() {
  std::vector<table::Row> rows;
  for (const double batch : {1, 2, 4, 8}) {
    rows.push_back(synthetic::job("tp4", batch, {1, 64}, 100 * batch));
    rows.push_back(synthetic::job("tp8", batch, {1, 64}, 90 * batch));
  }
  rows.push_back(synthetic::job("tp8", 16, {1, 64}, 1000));
  return synthetic::group_of(std::move(rows));
}

EvaluationOptions along(Axis axis, std::size_t train = 1000) {
  EvaluationOptions options;
  options.protocol = ExtrapolateOptions{.train = train, .seeds = 2, .axis = axis};
  return options;
}

std::unique_ptr<Plan> plan_of(std::span<const table::Group> groups, const EvaluationOptions& options) {
  return make_plan(groups, Setting{options, true, true});
}

TEST(Extrapolate, CutsAtTheMedianOfTheDistinctValues) {
  const table::Group group = example();
  const auto plan = plan_of(std::span(&group, 1), along(Axis::batch));
  ASSERT_EQ(plan->size(), 2u) << "one per seed";
  const Part part = plan->fold(0).parts[0];
  EXPECT_THAT(part.train, UnorderedElementsAre(0, 1, 2, 3, 4, 5)) << "batches 1, 2 and 4";
  EXPECT_THAT(part.test, ElementsAre(6, 7, 8));
  EXPECT_EQ(part.questions.size(), 1u) << "batch 16 has one layout";
  EXPECT_EQ(part.scenarios.size(), 3u);
  GroupReport report;
  plan->describe(0, report);
  EXPECT_EQ(report.cut, 4);
}

TEST(Extrapolate, TheCutItselfTrains) {
  const table::Group group = example();
  EvaluationOptions options = along(Axis::batch);
  std::get<ExtrapolateOptions>(options.protocol).cut = 2;
  const Part part = plan_of(std::span(&group, 1), options)->fold(0).parts[0];
  EXPECT_EQ(part.train.size(), 4u);
  EXPECT_EQ(part.questions.size(), 2u);
}

TEST(Extrapolate, DrawsRowsBySeedAsSelectionDoes) {
  const table::Group group = example();
  const auto plan = plan_of(std::span(&group, 1), along(Axis::batch, 3));
  EXPECT_THAT(plan->fold(0).parts[0].train, testing::SizeIs(3));
  EXPECT_NE(plan->fold(0).parts[0].train, plan->fold(1).parts[0].train);
  EXPECT_EQ(plan->fold(0).parts[0].test, plan->fold(1).parts[0].test)
      << "what is asked does not depend on it";
}

TEST(Extrapolate, EachLayoutIsLeftOutInTurn) {
  const table::Group group = example();
  const auto plan = plan_of(std::span(&group, 1), along(Axis::layout));
  ASSERT_EQ(plan->size(), 4u);
  const Part without_tp4 = plan->fold(0).parts[0], without_tp8 = plan->fold(1).parts[0];
  EXPECT_THAT(without_tp4.test, ElementsAre(0, 2, 4, 6));
  EXPECT_THAT(without_tp8.test, ElementsAre(1, 3, 5, 7, 8));
  EXPECT_THAT(without_tp4.questions, IsEmpty());
  EXPECT_THAT(without_tp4.scenarios, IsEmpty()) << "one layout is no question";
}

TEST(Extrapolate, PooledALayoutIsLeftOutOfEveryGroup) {
  table::Group other = example();
  std::erase_if(other.rows, [](const table::Row& row) { return row.config.layout.tp == 4; });
  const std::vector<table::Group> groups = {example(), other};
  EvaluationOptions options = along(Axis::layout);
  options.fit.pool = true;
  const auto plan = plan_of(groups, options);
  ASSERT_EQ(plan->size(), 4u);
  EXPECT_EQ(plan->fold(0).parts.size(), 2u) << "tp4: the other group has none and trains with all its rows";
  EXPECT_THAT(plan->fold(0).parts[1].test, IsEmpty());
  EXPECT_EQ(plan->fold(0).parts[1].train.size(), 5u);
  EXPECT_EQ(plan->fold(1).parts.size(), 1u) << "tp8: nothing is left of the other group";
}

TEST(Extrapolate, NothingBeyondIsRefused) {
  table::Group group = example();
  const auto beyond_isl = [&] { evaluate(std::span(&group, 1), std::span(&kTruthful, 1), along(Axis::isl)); };
  EXPECT_THAT(beyond_isl, ThrowsMessage<Error>(HasSubstr("no row with an energy lies beyond the cut")))
      << "isl is the same everywhere";
  for (table::Row& row : group.rows) row.config.load.isl = kUnknown;
  EXPECT_THROW(beyond_isl(), Error);
}

TEST(Extrapolate, TheLayoutsAreReportedApart) {
  std::vector<table::Row> rows;
  for (const double batch : {1, 2, 3, 4}) {
    for (const char* layout : {"tp4", "tp8"}) {
      table::Row row = synthetic::job(layout, batch, {1, 64}, 1);
      row.results.total_energy_j = true_energy(row.config);
      rows.push_back(row);
    }
  }
  const table::Group group = synthetic::group_of(std::move(rows));
  const Report report = evaluate(std::span(&group, 1), std::span(&kBiased, 1), along(Axis::layout));
  const Scores& biased = report.groups[0].predictors[0].second;
  ASSERT_EQ(biased.by_layout.size(), 2u);
  const auto mape = static_cast<std::size_t>(Metric::mape);
  EXPECT_EQ(biased.by_layout[0].values[mape].mean, 0);
  EXPECT_NEAR(biased.by_layout[1].values[mape].mean, 0.1, 1e-12);
  EXPECT_NEAR(biased[Metric::mape].mean, 0.05, 1e-12) << "and together";
  EXPECT_EQ(biased.by_layout[1].n_rows, 8u) << "four rows, two seeds";
  EXPECT_FALSE(known(biased.by_layout[1].values[static_cast<std::size_t>(Metric::top1)].mean));
}

}  // namespace
}  // namespace energylens::eval
