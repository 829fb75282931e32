// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/eval/evaluate.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

/// tp2, tp4 and tp8 at batches 1 to 12, with the true energies.
table::Group crossing_group() {
  std::vector<table::Row> rows;
  for (int batch = 1; batch <= 12; ++batch) {
    for (const char* layout : {"tp2", "tp4", "tp8"}) {
      table::Row row = synthetic::job(layout, batch, {1, 64}, 1);
      row.results.total_energy_j = true_energy(row.config);
      rows.push_back(row);
    }
  }
  return synthetic::group_of(std::move(rows));
}

Comparison compared(const registry::Kind& first, const registry::Kind& second,
                    EvaluationOptions options = {}) {
  const table::Group group = crossing_group();
  options.compare = {{std::string(first.name), std::string(second.name)}};
  const std::array kinds = {first, second};
  return evaluate(std::span(&group, 1), kinds, options).comparisons.at(0);
}

Difference of(const Comparison& comparison, Metric metric) {
  return std::ranges::find(comparison.differences, metric, [](const auto& d) { return d.first; })->second;
}

EvaluationOptions loo() {
  EvaluationOptions options;
  options.protocol = LooOptions{Unit::scenario};
  return options;
}

TEST(Compare, DifferencesAreThoseOfTheFigures) {
  const Comparison comparison = compared(kTruthful, kBiased, loo());
  EXPECT_EQ(comparison.first, "truthful");
  EXPECT_EQ(comparison.n_clusters, 12u);
  // One pick in twelve of `biased` is wrong, by 10/9.2 - 1; a third of its rows is 10 % too high.
  EXPECT_NEAR(of(comparison, Metric::top1).mean, 1.0 / 12, 1e-12);
  EXPECT_NEAR(of(comparison, Metric::regret_mean).mean, -(10 / 9.2 - 1) / 12, 1e-12);
  EXPECT_NEAR(of(comparison, Metric::mape).mean, -0.1 / 3, 1e-12);
  for (const auto& [metric, difference] : comparison.differences) EXPECT_EQ(difference.won, 1);
}

TEST(Compare, EveryScenarioWithTheSameDifferenceLeavesNoDoubt) {
  const Difference mape = of(compared(kTruthful, kBiased, loo()), Metric::mape);
  EXPECT_NEAR(mape.lo, mape.mean, 1e-12) << "each scenario has one row that is 10 % too high";
  EXPECT_NEAR(mape.hi, mape.mean, 1e-12);
}

TEST(Compare, OneScenarioInTwelveLeavesDoubt) {
  // The wrong pick is drawn k times with the chance of Binomial(12, 1/12): 0 in 35 % of the samples, 3 or
  // fewer in 98.4 %, 2 or fewer in 92.5 %.
  const Difference top1 = of(compared(kTruthful, kBiased, loo()), Metric::top1);
  EXPECT_EQ(top1.lo, 0);
  EXPECT_NEAR(top1.hi, 3.0 / 12, 1e-12);
}

TEST(Compare, SeedsAreAveragedAndCounted) {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = 10, .seeds = 10};
  const Comparison comparison = compared(kTruthful, kBiased, options);
  EXPECT_EQ(of(comparison, Metric::mape).won, 1);
  const Difference top1 = of(comparison, Metric::top1);
  EXPECT_GT(top1.won, 0.5) << "where the one wrong pick is asked about";
  EXPECT_LT(top1.won, 1) << "elsewhere they tie, and a tie counts half";
  EXPECT_LE(top1.lo, top1.mean);
  EXPECT_GE(top1.hi, top1.mean);
}

TEST(Compare, TurnedRoundItIsTheOpposite) {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = 10, .seeds = 5};
  const Comparison there = compared(kTruthful, kNoisy, options), back = compared(kNoisy, kTruthful, options);
  for (const Metric metric : {Metric::top1, Metric::regret_mean, Metric::mape}) {
    EXPECT_DOUBLE_EQ(of(there, metric).mean, -of(back, metric).mean);
    EXPECT_NEAR(of(there, metric).lo, -of(back, metric).hi, 1e-12);
    EXPECT_DOUBLE_EQ(of(there, metric).won, 1 - of(back, metric).won);
  }
}

TEST(Compare, APredictorWithItselfIsATie) {
  const Comparison comparison = compared(kTruthful, kTruthful, loo());
  for (const auto& [metric, difference] : comparison.differences) {
    EXPECT_EQ(difference.won, 0.5);
    EXPECT_EQ(difference.mean, 0);
    EXPECT_EQ(difference.lo, 0);
    EXPECT_EQ(difference.hi, 0);
  }
}

TEST(Compare, ARuleHasNoErrorsToCompare) {
  const Comparison comparison = compared(kTruthful, registry::find_kind("fewest-gpus"), loo());
  EXPECT_TRUE(known(of(comparison, Metric::top1).lo));
  EXPECT_FALSE(known(of(comparison, Metric::mape).mean));
  EXPECT_FALSE(known(of(comparison, Metric::mape).won));
}

TEST(Compare, UnderLimitsTheGroupIsResampledAsOne) {
  table::Group group = crossing_group();
  for (table::Row& row : group.rows) row.results.tpot_s = 0.01;
  EvaluationOptions options;
  options.protocol = LimitedOptions{.seeds = 2};
  options.compare = {{"truthful", "biased"}};
  const std::array kinds = {kTruthful, kBiased};
  const Comparison one = evaluate(std::span(&group, 1), kinds, options).comparisons.at(0);
  EXPECT_EQ(one.n_clusters, 1u);
  EXPECT_TRUE(known(of(one, Metric::mape).mean));
  EXPECT_FALSE(known(of(one, Metric::mape).lo)) << "one cluster says nothing of its spread";
  table::Group other = group;
  other.identity.key[0].second = "Other";
  const std::vector<table::Group> groups = {group, other};
  EXPECT_TRUE(known(of(evaluate(groups, kinds, options).comparisons.at(0), Metric::mape).lo));
}

TEST(Compare, AnUnknownNameIsRefused) {
  const table::Group group = crossing_group();
  EvaluationOptions options;
  options.compare = {{"truthful", "law"}};
  EXPECT_THROW(evaluate(std::span(&group, 1), std::span(&kTruthful, 1), options), Error);
}

}  // namespace
}  // namespace energylens::eval
