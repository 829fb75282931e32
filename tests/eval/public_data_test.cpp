// SPDX-License-Identifier: Apache-2.0
// The baselines reach the accuracy they are known to have on public measurements (tolerances: a few seeds).
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "energylens/eval/evaluate.hpp"
#include "energylens/table/table.hpp"

namespace energylens::eval {
namespace {

class PublicData : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ENERGYLENS_DATA");
    const std::filesystem::path path = std::filesystem::path(folder ? folder : "") / "gpu_llm_profile.csv";
    if (!folder || !std::filesystem::exists(path)) {
      GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
    }
    std::vector<table::Condition> conditions;
    for (const char* text : {"model=Llama-3-70B", "gpu=RTX4090", "quant=FP16", "total_time_s>=1"}) {
      conditions.push_back(table::parse_condition(text));
    }
    groups_ = table::groups(table::where(table::read_csv(path.string()), conditions));
  }

  Report selection(std::initializer_list<const char*> names, std::size_t train, int seeds) const {
    std::vector<registry::Kind> kinds;
    for (const char* name : names) kinds.push_back(registry::find_kind(name));
    EvaluationOptions options;
    options.same_gpus = true;
    options.protocol = SelectionOptions{.train = train, .seeds = seeds};
    return evaluate(groups_, kinds, options);
  }

  static double score(const Report& report, std::string_view name, Metric metric) {
    const auto& predictors = report.groups[0].predictors;
    return std::ranges::find(predictors, name, [](const auto& p) { return p.first; })->second[metric].mean;
  }

  std::vector<table::Group> groups_;
};

TEST_F(PublicData, TheMainGroupIsWhatItIsSaidToBe) {
  ASSERT_EQ(groups_.size(), 1u);
  const Report report = selection({"majority"}, 50, 1);
  EXPECT_EQ(report.groups[0].n_scenarios, 195u);
  EXPECT_EQ(report.groups[0].n_rows, 789u);
  EXPECT_NEAR(report.groups[0].latency_energy_differ, 0.33, 0.01);
  const std::vector<std::string>& limits = report.groups[0].limits;
  EXPECT_TRUE(std::ranges::count(limits, "tp8 has the least energy in 103 of 195 scenarios"));
  EXPECT_TRUE(std::ranges::count(limits, "every scenario has isl = 1: prefill is not tested"));
}

TEST_F(PublicData, RulesAndFormulasOnTheMainGroup) {
  const Report report = selection({"majority", "threshold", "latency", "wilkins", "loglinear"}, 50, 20);
  EXPECT_NEAR(score(report, "majority", Metric::top1), 0.50, 0.03);
  EXPECT_NEAR(score(report, "majority", Metric::regret_mean), 0.06, 0.008);
  EXPECT_GE(score(report, "threshold", Metric::top1), 0.83);
  EXPECT_NEAR(score(report, "latency", Metric::top1), 0.66, 0.03);
  EXPECT_NEAR(score(report, "loglinear", Metric::mape), 0.262, 0.02);
  EXPECT_LE(score(report, "wilkins", Metric::mape), 0.53);
}

TEST_F(PublicData, LearnersOnTheMainGroup) {
  const Report report = selection({"forest", "xgboost", "forest+waves", "xgboost+waves"}, 50, 6);
  EXPECT_LE(score(report, "xgboost", Metric::mape), 0.18);
  EXPECT_LE(score(report, "forest", Metric::mape), 0.25);
  EXPECT_LE(score(report, "forest+waves", Metric::mape), 0.13);
  EXPECT_LE(score(report, "xgboost+waves", Metric::mape), 0.095);
  EXPECT_LE(score(report, "xgboost+waves", Metric::regret_mean), 0.02);
  EXPECT_GE(score(report, "xgboost+waves", Metric::top1), 0.68);
}

TEST_F(PublicData, RangesHeldOutAreHarderForNeighboursThanForTheLaw) {
  std::vector<registry::Kind> kinds;
  for (const char* name : {"law", "nearest"}) kinds.push_back(registry::find_kind(name));
  EvaluationOptions options;
  options.same_gpus = true;
  options.protocol = SelectionOptions{.seeds = 6, .blocked = Axis::batch};
  options.compare = {{"law", "nearest"}};
  const Report report = evaluate(groups_, kinds, options);
  EXPECT_GE(score(report, "nearest", Metric::mape), 0.25);
  EXPECT_LE(report.comparisons[0].differences.back().second.hi, -0.1);
}

/// Groups of ML.ENERGY v3 that have two layouts, under limits of latency.
class PublicLimits : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("ENERGYLENS_DATA");
    const std::filesystem::path path = std::filesystem::path(folder ? folder : "") / "mlenergy_v3.csv";
    if (!folder || !std::filesystem::exists(path)) {
      GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
    }
    groups_ = table::groups(table::read_csv(path.string()));
  }
  std::vector<table::Group> groups_;
};

TEST_F(PublicLimits, TheRuleOfTheLargestBatchIsHardToBeat) {
  EvaluationOptions options;
  options.protocol = LimitedOptions{.seeds = 1};
  options.min_layouts = 2;
  const Report report = evaluate(groups_, std::array{registry::find_kind("fewest-gpus")}, options);
  std::size_t questions = 0;
  for (const GroupReport& group : report.groups) questions += group.n_questions;
  EXPECT_EQ(report.groups.size(), 13u);
  EXPECT_EQ(questions, 80u);
  EXPECT_NEAR(report.overall[0].second[Metric::top1].mean, 0.875, 1e-9);
  EXPECT_NEAR(report.overall[0].second[Metric::regret_mean].mean, 0.0403, 1e-4);
}

}  // namespace
}  // namespace energylens::eval
