// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "baseline/booster.hpp"
#include "baseline/features.hpp"
#include "baseline/random_forest.hpp"
#include "energylens/core/rng.hpp"
#include "synthetic_group.hpp"

namespace energylens::baseline {
namespace {

using synthetic::group_of;
using synthetic::job;
using synthetic::smooth_group;

double predicted(const Fitted& fitted, std::size_t group, const table::Configuration& config) {
  return fitted->predict(group, config).scenario_energy(config.load.kind).value;
}

double mape(const Fitted& fitted, const table::Group& group) {
  double sum = 0;
  for (const table::Row& row : group.rows) {
    sum += std::abs(predicted(fitted, 0, row.config) / row.scenario_energy_j() - 1);
  }
  return sum / static_cast<double>(group.rows.size());
}

TEST(Booster, LearnsAStep) {
  LearningSet set;
  for (int i = 0; i < 20; ++i) {
    set.features.push_back({static_cast<float>(i), 7});
    set.targets.push_back(i < 10 ? 1.0F : -2.0F);
  }
  const Booster booster(set, {});
  EXPECT_NEAR(booster.predict(std::vector<float>{3, 7}), 1, 0.01);
  EXPECT_NEAR(booster.predict(std::vector<float>{15, 7}), -2, 0.01);
}

TEST(Booster, AQuantileHasItsShareOfTheRowsBelow) {
  Rng rng(7);
  LearningSet set;
  for (int i = 0; i < 400; ++i) {
    set.features.push_back({static_cast<float>(i % 2)});
    set.targets.push_back(static_cast<float>(3 * (i % 2) + rng.normal()));
  }
  for (const double quantile : {0.05, 0.5, 0.95}) {
    BoosterOptions options;
    options.rounds = 400;
    options.learning_rate = 0.05;
    options.quantile = quantile;
    const Booster booster(set, options);
    double below = 0;
    for (std::size_t i = 0; i < set.targets.size(); ++i)
      below += set.targets[i] < booster.predict(set.features[i]);
    EXPECT_NEAR(below / 400, quantile, 0.03);
  }
}

TEST(Booster, AMissingFeatureIsNoError) {
  const float missing = static_cast<float>(kUnknown);
  const LearningSet set{{{1, missing}, {2, missing}, {3, 5}}, {1, 2, 3}};
  const Booster booster(set, {});
  EXPECT_TRUE(std::isfinite(booster.predict(std::vector<float>{missing, missing})));
}

TEST(RandomForest, LearnsAStepAndLeavesConstantsAlone) {
  LearningSet set;
  for (int i = 0; i < 40; ++i) {
    set.features.push_back({7, static_cast<float>(i)});
    set.targets.push_back(i < 20 ? 1.0F : -2.0F);
  }
  const RandomForest forest(set, 50, 1);
  EXPECT_NEAR(forest.predict(std::vector<float>{7, 5}), 1, 1e-12);
  EXPECT_NEAR(forest.predict(std::vector<float>{99, 35}), -2, 1e-12);
}

TEST(RandomForest, StaysWithinWhatItHasSeen) {
  Rng rng(5);
  LearningSet set;
  for (int i = 0; i < 60; ++i) {
    set.features.push_back({static_cast<float>(rng.uniform()), static_cast<float>(rng.uniform())});
    set.targets.push_back(static_cast<float>(rng.normal()));
  }
  const auto [least, most] = std::ranges::minmax(set.targets);
  const RandomForest forest(set, 20, 1);
  for (int i = 0; i < 200; ++i) {
    const float x = static_cast<float>(4 * rng.uniform() - 2);
    const double value = forest.predict(std::vector<float>{x, -x});
    EXPECT_GE(value, static_cast<double>(least));
    EXPECT_LE(value, static_cast<double>(most));
  }
}

TEST(RandomForest, MissingFeaturesGoWhereTheyWentInTraining) {
  const float missing = static_cast<float>(kUnknown);
  LearningSet set;
  for (int i = 0; i < 30; ++i) {
    set.features.push_back({i % 2 == 0 ? missing : 1.0F});
    set.targets.push_back(i % 2 == 0 ? 5.0F : 6.0F);
  }
  const RandomForest forest(set, 30, 1);
  EXPECT_NEAR(forest.predict(std::vector<float>{missing}), 5, 1e-12);
  EXPECT_NEAR(forest.predict(std::vector<float>{1}), 6, 1e-12);
}

TEST(RandomForest, OneRowOrEqualTargetsIsOneLeaf) {
  EXPECT_EQ(RandomForest({{{1, 2}}, {3}}, 5, 1).predict(std::vector<float>{9, 9}), 3);
  EXPECT_EQ(RandomForest({{{1}, {2}}, {3, 3}}, 5, 1).predict(std::vector<float>{9}), 3);
}

TEST(Learners, FollowTheRowsTheyWereTrainedOn) {
  const table::Group group = smooth_group();
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  EXPECT_LT(mape(fit_xgboost(data, {}), group), 0.03);
  EXPECT_LT(mape(fit_xgboost_waves(data, {}), group), 0.03);
  EXPECT_LT(mape(fit_forest(data, {}), group), 0.10);
  EXPECT_LT(mape(fit_forest_waves(data, {}), group), 0.10);
}

TEST(Learners, QuantilesEncloseTheValueOfXgboost) {
  const table::Group group = smooth_group();
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  const Fitted plain = fit_xgboost(data, {}), quantile = fit_xgboost_quantile(data, {});
  double inside = 0;
  for (const table::Row& row : group.rows) {
    const predictor::Estimate e = quantile->predict(0, row.config).total_energy_j;
    EXPECT_EQ(e.value, plain->predict(0, row.config).total_energy_j.value);
    EXPECT_LE(e.lo, e.value);
    EXPECT_GE(e.hi, e.value);
    inside += e.lo <= row.results.total_energy_j && row.results.total_energy_j <= e.hi ? 1 : 0;
  }
  EXPECT_GT(inside / static_cast<double>(group.rows.size()), 0.6);
}

TEST(Learners, WaveKnowledgeCarriesOverToMoreWaves) {
  // Energy per full wave is constant; training stops at four waves, the question asks for forty.
  std::vector<table::Row> rows;
  for (double batch = 10; batch <= 40; batch += 10) rows.push_back(job("tp2", batch, {1, 63}, 100 * batch));
  for (table::Row& row : rows) row.config.kv_capacity_tokens = 640;
  const table::Group group = group_of(rows);
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  table::Configuration config = rows.front().config;
  config.load.batch = 400;
  EXPECT_NEAR(predicted(fit_xgboost_waves(data, {}), 0, config) / 40000, 1, 0.01);
  EXPECT_LT(predicted(fit_xgboost(data, {}), 0, config) / 40000, 0.5);
}

TEST(Learners, NotOneRequestFitsIsUnknownToThoseThatKnowWaves) {
  const table::Group group = smooth_group();
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  table::Configuration config = group.rows.front().config;
  config.kv_capacity_tokens = 10;
  EXPECT_FALSE(known(predicted(fit_forest_waves(data, {}), 0, config)));
}

TEST(Learners, PooledGroupsTeachEachOther) {
  const std::vector<table::Group> groups = {smooth_group("A"), smooth_group("B", 2)};
  predictor::TrainingData data = predictor::all_rows(groups);
  data[1].rows.resize(1);
  predictor::FitOptions options;
  options.pool = true;
  const Fitted fitted = fit_xgboost(data, options);
  const table::Row& row = groups[1].rows[80];
  EXPECT_NEAR(std::log(predicted(fitted, 1, row.config) / row.scenario_energy_j()), 0, 1.0);
}

TEST(FeatureMap, TheScaleIsFullWavesTimesSteps) {
  table::Group group = group_of({job("tp2", 25, {1, 63}, 1)});
  group.rows[0].config.kv_capacity_tokens = 640;
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  const table::Configuration& config = group.rows[0].config;
  EXPECT_NEAR(FeatureMap(data, {}, WaveKnowledge::aware).log_scale(0, config), std::log(2.5 * 63), 1e-12);
  EXPECT_EQ(FeatureMap(data, {}, WaveKnowledge::blind).log_scale(0, config), 0);
}

}  // namespace
}  // namespace energylens::baseline
