// SPDX-License-Identifier: Apache-2.0
// What a whole evaluation makes of stated chances, and figures by what groups have in common.
#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/core/rng.hpp"
#include "energylens/eval/evaluate.hpp"
#include "eval/test_predictors.hpp"
#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

constexpr int kBatches = 300;

/// Now the one layout is better, now the other, by up to 35 %.
double close_energy(const table::Configuration& config) {
  return config.layout.tp == 8 ? std::exp(0.3 * std::sin(config.load.batch)) : 1;
}

/// tp2 and tp8 at every batch. What is measured differs from `close_energy` by a factor of log-sd `noise`.
table::Group noisy_group(double noise, std::string_view model, std::string_view arch) {
  std::vector<table::Row> rows;
  Rng rng(3);
  for (int batch = 1; batch <= kBatches; ++batch) {
    for (const char* layout : {"tp2", "tp8"}) {
      table::Row row = synthetic::job(layout, batch, {1, 64}, 1);
      row.results.total_energy_j = close_energy(row.config) * std::exp(noise * rng.normal());
      rows.push_back(row);
    }
  }
  table::Group group = synthetic::group_of(std::move(rows), model);
  group.identity.arch = arch;
  return group;
}

/// Knows the truth and draws around it with a log-sd of its own choice.
template <int Percent>
class Drawing final : public Formula {
 public:
  using Formula::Formula;
  std::vector<double> draw(std::size_t, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override {
    Rng rng(seed);
    std::vector<double> draws;
    for (std::size_t i = 0; i < n; ++i) {
      for (const table::Configuration& config : configs) {
        draws.push_back(close_energy(config) * std::exp(Percent / 100.0 * rng.normal()));
      }
    }
    return draws;
  }
};

template <int Percent>
std::unique_ptr<predictor::Predictor> fit_drawing(const predictor::TrainingData& data,
                                                  const predictor::FitOptions&) {
  return std::make_unique<Drawing<Percent>>(close_energy, data);
}

std::unique_ptr<predictor::Predictor> fit_close(const predictor::TrainingData& data,
                                                const predictor::FitOptions&) {
  return std::make_unique<Formula>(close_energy, data);
}

constexpr registry::Kind kClose{"close", "", true, false, false, fit_close};
constexpr registry::Kind kHonest{"honest", "", true, false, false, fit_drawing<30>};
constexpr registry::Kind kBoastful{"boastful", "", true, false, false, fit_drawing<1>};

EvaluationOptions quick() {
  EvaluationOptions options;
  options.protocol = SelectionOptions{.train = 10, .seeds = 20};
  return options;
}

const Scores& of(const ScoresByName& scores, std::string_view name) {
  return std::ranges::find(scores, name, [](const auto& entry) { return entry.first; })->second;
}

TEST(StatedChances, WhoStatesTheTrueSpreadIsBetterCalibratedThanWhoBoasts) {
  const table::Group group = noisy_group(0.3, "M", "dense");
  const std::vector<registry::Kind> kinds = {kHonest, kBoastful, kClose};
  const Report report = evaluate(std::span(&group, 1), kinds, quick());
  const Scores& honest = of(report.overall, "honest");
  const Scores& boastful = of(report.overall, "boastful");
  EXPECT_LT(honest[Metric::calibration_error].mean, boastful[Metric::calibration_error].mean / 2);
  EXPECT_GT(boastful[Metric::chance_best].mean, boastful[Metric::top1].mean + 0.05);
  EXPECT_NEAR(honest[Metric::chance_best].mean, honest[Metric::top1].mean, 0.08);
  EXPECT_FALSE(honest.reliability.empty());
}

TEST(StatedChances, WhoStatesNoneHasNoFigureOfThem) {
  const table::Group group = noisy_group(0.3, "M", "dense");
  const Report report = evaluate(std::span(&group, 1), std::span(&kClose, 1), quick());
  const Scores& close = of(report.overall, "close");
  EXPECT_FALSE(known(close[Metric::chance_best].mean));
  EXPECT_FALSE(known(close[Metric::calibration_error].mean));
  EXPECT_TRUE(close.reliability.empty());
  EXPECT_EQ(close.regret_percentiles.size(), 21u);
}

TEST(StatedChances, CandidatesOfAllSeedsAreCounted) {
  const table::Group group = noisy_group(0.3, "M", "dense");
  const Report report = evaluate(std::span(&group, 1), std::span(&kHonest, 1), quick());
  std::size_t counted = 0;
  for (const ReliabilityBin& bin : of(report.overall, "honest").reliability) counted += bin.n;
  EXPECT_EQ(counted, 20u * (kBatches * 3 / 10) * 2);  // seeds, held-out scenarios, two candidates
}

TEST(RegretPercentiles, RiseFromTheLeastToTheLargestRegret) {
  const table::Group group = noisy_group(0.3, "M", "dense");
  const Report report = evaluate(std::span(&group, 1), std::span(&kClose, 1), quick());
  const std::vector<double>& points = of(report.overall, "close").regret_percentiles;
  ASSERT_EQ(points.size(), 21u);
  EXPECT_TRUE(std::ranges::is_sorted(points));
  EXPECT_EQ(points.front(), 0);
  EXPECT_EQ(points[19], of(report.overall, "close")[Metric::regret_p95].mean);
}

TEST(ByColumn, GroupsThatAgreeAreJudgedTogether) {
  const std::vector<table::Group> groups = {noisy_group(0, "A", "dense"), noisy_group(0, "B", "moe"),
                                            noisy_group(0.3, "C", "dense")};
  EvaluationOptions options = quick();
  options.by = {"arch", "model"};
  const Report report = evaluate(groups, std::span(&kClose, 1), options);
  ASSERT_EQ(report.by.size(), 5u);
  EXPECT_EQ(report.by[0].column, "arch");
  EXPECT_EQ(report.by[0].value, "dense");
  EXPECT_EQ(report.by[0].n_groups, 2u);
  EXPECT_EQ(report.by[0].n_rows, 4u * kBatches);
  EXPECT_EQ(report.by[1].value, "moe");
  const double first = report.groups[0].predictors[0].second[Metric::mape].mean;
  const double third = report.groups[2].predictors[0].second[Metric::mape].mean;
  EXPECT_NEAR(of(report.by[0].predictors, "close")[Metric::mape].mean, (first + third) / 2, 1e-12)
      << "both have as many rows";
  EXPECT_EQ(of(report.by[1].predictors, "close")[Metric::mape].mean, 0);
  const io::Json json = to_json(report);
  EXPECT_EQ(json.at("by").at("arch").at("dense").integer("n_groups"), 2);
  EXPECT_NE(to_csv(report).find("arch=moe,300,600,,close,"), std::string::npos);
}

TEST(ByColumn, AColumnThatGroupsDoNotStateIsRefused) {
  const table::Group group = noisy_group(0, "A", "dense");
  EvaluationOptions options = quick();
  options.by = {"osl"};
  EXPECT_THROW(evaluate(std::span(&group, 1), std::span(&kClose, 1), options), Error);
}

}  // namespace
}  // namespace energylens::eval
