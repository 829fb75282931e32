// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "baseline/baselines.hpp"
#include "synthetic_group.hpp"

namespace energylens::baseline {
namespace {

using synthetic::group_of;
using synthetic::job;

/// Energies of tp8, tp4pp2 and tp4 by batch. tp8 wins at 1, 2 and 4, tp4pp2 at 8 and 16, tp4 never.
table::Group crossing_group() {
  std::vector<table::Row> rows;
  const auto question = [&](double batch, double tp4, double tp4pp2, double tp8) {
    rows.push_back(job("tp4", batch, {1, 64}, tp4, 3));
    rows.push_back(job("tp4pp2", batch, {1, 64}, tp4pp2, 2));
    rows.push_back(job("tp8", batch, {1, 64}, tp8, 1));
  };
  question(1, 30, 12, 10);
  question(2, 31, 13, 11);
  question(4, 32, 14, 12);
  question(8, 33, 15, 16);
  question(16, 34, 17, 20);
  return group_of(std::move(rows));
}

std::vector<table::Row> candidates(double batch, std::initializer_list<const char*> layouts) {
  std::vector<table::Row> rows;
  for (const char* layout : layouts) rows.push_back(job(layout, batch, {1, 64}, kUnknown));
  return rows;
}

std::string picked(const predictor::Predictor& rule, const std::vector<table::Row>& rows) {
  return table::layout_text(rows[rule.choose(0, rows)].config.layout);
}

class Rules : public testing::Test {
 protected:
  table::Group group_ = crossing_group();
  predictor::TrainingData data_ = predictor::all_rows(std::span(&group_, 1));
  predictor::FitOptions options_;
};

TEST_F(Rules, MajorityPicksByWins) {
  const Fitted rule = fit_majority(data_, options_);
  EXPECT_EQ(picked(*rule, candidates(16, {"tp4", "tp4pp2", "tp8"})), "tp8");
  EXPECT_EQ(picked(*rule, candidates(1, {"tp4", "tp4pp2"})), "tp4pp2");
  EXPECT_EQ(picked(*rule, candidates(1, {"tp4", "tp2"})), "tp2") << "neither ever won: by layout";
}

TEST_F(Rules, MajorityCountsScenariosAndNotSampledRows) {
  data_[0].rows = {14};
  data_[0].scenarios.erase(data_[0].scenarios.begin(), data_[0].scenarios.begin() + 3);
  const Fitted rule = fit_majority(data_, options_);
  EXPECT_EQ(picked(*rule, candidates(1, {"tp4", "tp4pp2", "tp8"})), "tp4pp2");
}

TEST_F(Rules, FewestGpusBreaksTiesByMajority) {
  const Fitted rule = fit_fewest_gpus(data_, options_);
  EXPECT_EQ(picked(*rule, candidates(1, {"tp8", "tp4pp2", "tp4"})), "tp4");
  EXPECT_EQ(picked(*rule, candidates(16, {"tp4pp2", "tp8"})), "tp8");
}

TEST_F(Rules, ThresholdFindsTheCrossing) {
  const Fitted rule = fit_threshold(data_, options_);
  EXPECT_EQ(picked(*rule, candidates(4, {"tp4", "tp4pp2", "tp8"})), "tp8");
  EXPECT_EQ(picked(*rule, candidates(8, {"tp4", "tp4pp2", "tp8"})), "tp4pp2");
  EXPECT_EQ(picked(*rule, candidates(8, {"tp4", "tp8"})), "tp8") << "the second winner is not on offer";
}

TEST_F(Rules, ThresholdAvoidsASecondWave) {
  const Fitted rule = fit_threshold(data_, options_);
  std::vector<table::Row> rows = candidates(4, {"tp4pp2", "tp8"});
  rows[1].config.kv_capacity_tokens = 3 * 128;  // 65 tokens take two blocks: three requests fit
  EXPECT_EQ(picked(*rule, rows), "tp4pp2");
  rows[0].config.kv_capacity_tokens = 3 * 128;
  EXPECT_EQ(picked(*rule, rows), "tp8") << "both need it: the cut decides";
}

TEST_F(Rules, LatencyLooksAtMeasuredTime) {
  const Fitted rule = fit_latency(data_, options_);
  std::vector<table::Row> rows = candidates(4, {"tp4", "tp4pp2", "tp8"});
  rows[0].results.total_time_s = 2;
  rows[1].results.total_time_s = 1;
  EXPECT_EQ(rule->choose(0, rows), 1u) << "an unknown time is never the least";
}

TEST_F(Rules, NoScenarioIsNoError) {
  data_[0].scenarios.clear();
  for (const auto fit : {fit_majority, fit_fewest_gpus, fit_threshold, fit_latency}) {
    const Fitted rule = fit(data_, options_);
    EXPECT_LT(rule->choose(0, candidates(4, {"tp4", "tp8"})), 2u) << rule->kind();
    EXPECT_FALSE(known(rule->predict(0, group_.rows[0].config).total_energy_j.value)) << rule->kind();
  }
}

}  // namespace
}  // namespace energylens::baseline
