// SPDX-License-Identifier: Apache-2.0
// Protocols that make several reports: learning-curve and transfer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/eval/evaluate.hpp"
#include "eval/plan.hpp"
#include "eval/settings.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

using testing::ElementsAre;

EvaluationOptions with(ProtocolOptions protocol) {
  EvaluationOptions options;
  options.protocol = std::move(protocol);
  return options;
}

EvaluationOptions curve(std::vector<std::size_t> sizes) {
  return with(LearningCurveOptions{.train_sizes = std::move(sizes), .seeds = 2});
}

EvaluationOptions transfer(std::vector<std::size_t> sizes = TransferOptions{}.train_sizes,
                           std::size_t sources = 1) {
  return with(TransferOptions{.sources = sources, .train_sizes = std::move(sizes), .seeds = 2});
}

std::vector<std::size_t> sizes_of(const std::vector<Setting>& settings) {
  std::vector<std::size_t> sizes;
  for (const Setting& setting : settings) sizes.push_back(training_rows(setting).value());
  return sizes;
}

TEST(LearningCurve, HasTheUsualSizesByDefault) {
  EXPECT_THAT(sizes_of(settings(with(LearningCurveOptions{}))), ElementsAre(10, 25, 50, 100, 200, 300));
  EXPECT_THAT(sizes_of(settings(curve({7, 3}))), ElementsAre(7, 3));
}

TEST(LearningCurve, IsASelectionForEachSize) {
  const table::Group group = synthetic::smooth_group();
  const std::array kinds = {kNoisy, registry::find_kind("nearest")};
  const Report all = evaluate(std::span(&group, 1), kinds, curve({10, 30}));
  EXPECT_EQ(all.protocol, "learning-curve");
  EXPECT_TRUE(all.groups.empty());
  ASSERT_EQ(all.reports.size(), 2u);
  for (const Report& report : all.reports) {
    const EvaluationOptions alone = with(SelectionOptions{.train = *report.train, .seeds = 2});
    const Report selection = evaluate(std::span(&group, 1), kinds, alone);
    EXPECT_EQ(io::print_json(to_json(report)), io::print_json(to_json(selection)));
  }
}

TEST(LearningCurve, ComparesAtEverySize) {
  const table::Group group = synthetic::smooth_group();
  EvaluationOptions options = curve({10, 30});
  options.compare = {{"truthful", "biased"}};
  const Report all = evaluate(std::span(&group, 1), std::array{kTruthful, kBiased}, options);
  EXPECT_TRUE(all.comparisons.empty());
  for (const Report& report : all.reports) EXPECT_EQ(report.comparisons.size(), 1u);
}

TEST(Transfer, ComesWithAndWithoutTheSources) {
  const std::vector<Setting> all = settings(transfer());
  EXPECT_THAT(sizes_of(all), ElementsAre(0, 5, 5, 10, 10, 25, 25, 50, 50))
      << "without rows and without sources there is nothing to fit";
  EXPECT_TRUE(all[0].with_sources && all[1].with_sources);
  EXPECT_FALSE(all[2].with_sources);
  for (const Setting& setting : all) {
    EXPECT_EQ(setting.options.fit.pool, setting.with_sources);
    EXPECT_EQ(setting.options.fit.sources, setting.with_sources ? 1u : 0u);
  }
}

TEST(Transfer, AllRowsOfTheSourcesTrainAndTheTargetComesLast) {
  const std::vector<table::Group> groups = {synthetic::smooth_group("A"), synthetic::smooth_group("B", 2)};
  EvaluationOptions options = transfer();
  options.fit.pool = true;
  const auto with_sources = make_plan(groups, Setting{options, true, true, 5});
  const auto without = make_plan(groups, Setting{options, false, true, 5});
  ASSERT_EQ(with_sources->size(), 2u);
  const Fold fold = with_sources->fold(1);
  ASSERT_EQ(fold.parts.size(), 2u);
  EXPECT_EQ(fold.parts[0].group, 0u);
  EXPECT_EQ(fold.parts[0].train.size(), groups[0].rows.size());
  EXPECT_TRUE(fold.parts[0].test.empty());
  EXPECT_EQ(fold.parts[1].group, 1u);
  EXPECT_EQ(fold.parts[1].train.size(), 5u);
  const Fold alone = without->fold(1);
  ASSERT_EQ(alone.parts.size(), 1u);
  EXPECT_EQ(alone.parts[0].train, fold.parts[1].train);
  EXPECT_EQ(alone.parts[0].test, fold.parts[1].test);
}

TEST(Transfer, TestsTheTargetsAlone) {
  const std::vector<table::Group> groups = {synthetic::smooth_group("A"), synthetic::smooth_group("B", 2),
                                            synthetic::smooth_group("C", 3)};
  const Report report = evaluate(groups, std::span(&kTruthful, 1), transfer({0, 5}));
  ASSERT_EQ(report.reports.size(), 3u);
  for (const Report& one : report.reports) {
    ASSERT_EQ(one.groups.size(), 2u);
    EXPECT_EQ(one.groups[0].identity["model"], "B");
    EXPECT_EQ(one.groups[0].train_used, *one.train);
  }
  EXPECT_TRUE(report.reports[0].pool);
  EXPECT_FALSE(report.reports[2].pool);
}

TEST(Transfer, TheLawAnswersWithoutARowOfTheTarget) {
  const std::vector<table::Group> groups = {synthetic::smooth_group("A"), synthetic::smooth_group("B", 1.5)};
  EvaluationOptions options = transfer({0, 6});
  options.fit.starts = 1;
  const Report report = evaluate(groups, std::span(&registry::find_kind("law"), 1), options);
  const auto mean_of = [&](std::size_t one, Metric metric) {
    return report.reports[one].overall[0].second.values[static_cast<std::size_t>(metric)].mean;
  };
  EXPECT_EQ(mean_of(0, Metric::unpredicted), 0);
  EXPECT_LT(mean_of(0, Metric::mape), 0.5);
  EXPECT_LT(mean_of(1, Metric::mape), mean_of(2, Metric::mape));
}

TEST(Transfer, NeedsASource) {
  const std::vector<table::Group> groups = {synthetic::smooth_group("A"), synthetic::smooth_group("B")};
  for (const std::size_t sources : {0, 3, 2}) {
    EXPECT_THROW(evaluate(groups, std::span(&kTruthful, 1), transfer({5}, sources)), Error)
        << sources << " sources of 2 groups, of which one must be left to test";
  }
  EXPECT_NO_THROW(evaluate(groups, std::span(&kTruthful, 1), transfer({5}, 1)));
}

TEST(MinLayouts, TestsOnlyGroupsThatHaveAChoice) {
  table::Group single = synthetic::smooth_group("Single");
  std::erase_if(single.rows, [](const table::Row& row) { return row.config.layout.tp != 8; });
  std::vector<table::Group> groups = {single, synthetic::smooth_group("Three")};
  for (table::Group& group : groups) {
    for (table::Row& row : group.rows) row.results.tpot_s = 0.01;
  }
  const ProtocolOptions protocols[] = {SelectionOptions{.seeds = 2}, LooOptions{},
                                       ExtrapolateOptions{.seeds = 2}, LimitedOptions{.seeds = 2}};
  for (const ProtocolOptions& protocol : protocols) {
    EvaluationOptions options = with(protocol);
    options.min_layouts = 2;
    options.fit.pool = true;
    const Report report = evaluate(groups, std::span(&kTruthful, 1), options);
    ASSERT_EQ(report.groups.size(), 1u);
    EXPECT_EQ(report.groups[0].identity["model"], "Three");
    const auto plan = make_plan(groups, Setting{options, true, true});
    const Fold fold = plan->fold(0);
    ASSERT_EQ(fold.parts.size(), 2u) << "pooled, it trains all the same";
    EXPECT_TRUE(fold.parts[0].test.empty());
  }
  EvaluationOptions options = with(SelectionOptions{.seeds = 2});
  options.min_layouts = 4;
  EXPECT_THROW(evaluate(groups, std::span(&kTruthful, 1), options), Error);
}

}  // namespace
}  // namespace energylens::eval
