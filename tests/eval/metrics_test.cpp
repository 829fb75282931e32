// SPDX-License-Identifier: Apache-2.0
#include "energylens/eval/metrics.hpp"

#include <gtest/gtest.h>

#include "synthetic_group.hpp"

namespace energylens::eval {
namespace {

using synthetic::job;

double value(const std::array<double, kMetrics>& figures, Metric metric) {
  return figures[static_cast<std::size_t>(metric)];
}

TEST(MetricInfos, AreIndexedByMetric) {
  for (std::size_t i = 0; i < kMetrics; ++i) EXPECT_EQ(static_cast<std::size_t>(metric_infos()[i].metric), i);
}

TEST(Regret, IsTheExtraEnergyOfThePickedLayout) {
  const std::vector<table::Row> rows = {job("tp4", 1, {}, 120), job("tp8", 1, {}, 100),
                                        job("tp2", 1, {}, 100)};
  EXPECT_DOUBLE_EQ(regret(rows, 0), 1.2 - 1);
  EXPECT_EQ(regret(rows, 1), 0);
  EXPECT_EQ(regret(rows, 2), 0) << "a tie is right";
}

TEST(Regret, ALayoutMeasuredTwiceStandsForItsBetterRow) {
  const std::vector<table::Row> rows = {job("tp4", 1, {}, 120), job("tp8", 1, {}, 110),
                                        job("tp4", 1, {}, 100)};
  EXPECT_EQ(regret(rows, 0), 0);
  EXPECT_NEAR(regret(rows, 1), 0.1, 1e-12);
}

TEST(Pairwise, CountsPairsOfDifferentEnergy) {
  const std::vector<double> measured = {1, 2, 3};
  EXPECT_DOUBLE_EQ(pairwise(measured, std::vector<double>{1, 2, 3}), 1);
  EXPECT_DOUBLE_EQ(pairwise(measured, std::vector<double>{3, 2, 1}), 0);
  EXPECT_DOUBLE_EQ(pairwise(measured, std::vector<double>{2, 1, 3}), 2.0 / 3);
  EXPECT_DOUBLE_EQ(pairwise(measured, std::vector<double>{1, 1, 2}), 2.5 / 3) << "a tie counts half";
  EXPECT_DOUBLE_EQ(pairwise(measured, std::vector<double>{1, kUnknown, 2}), 2.0 / 3) << "so does an unknown";
  EXPECT_FALSE(known(pairwise(std::vector<double>{5, 5}, std::vector<double>{1, 2})));
}

TEST(Measure, PicksByHand) {
  const auto figures = measure({{{0, 1}, {0.005, 0.5}, {0.1, kUnknown}, {0.3, 0}}, {}});
  EXPECT_DOUBLE_EQ(value(figures, Metric::top1), 0.25);
  EXPECT_DOUBLE_EQ(value(figures, Metric::top1_within_1pct), 0.5);
  EXPECT_DOUBLE_EQ(value(figures, Metric::pairwise), 0.5);
  EXPECT_DOUBLE_EQ(value(figures, Metric::regret_mean), 0.405 / 4);
  EXPECT_NEAR(value(figures, Metric::regret_p95), 0.27, 1e-12);
  EXPECT_FALSE(known(value(figures, Metric::mape)));
  EXPECT_FALSE(known(value(figures, Metric::breach_rate)));
}

TEST(Measure, RowsByHand) {
  Outcomes outcomes;
  outcomes.rows = {{{110, 90, 130}, 100}, {{100, 95, 98}, 100}, {{130, kUnknown, kUnknown}, 100}, {{}, 100}};
  const auto figures = measure(outcomes);
  EXPECT_NEAR(value(figures, Metric::mape), 0.4 / 3, 1e-12);
  EXPECT_NEAR(value(figures, Metric::median_ape), 0.1, 1e-12);
  EXPECT_DOUBLE_EQ(value(figures, Metric::unpredicted), 0.25);
  EXPECT_DOUBLE_EQ(value(figures, Metric::coverage_90), 0.5);
  EXPECT_NEAR(value(figures, Metric::interval_score), (0.4 + 0.03 + 20 * 0.02) / 2, 1e-12);
  EXPECT_FALSE(known(value(figures, Metric::top1)));
}

TEST(Quantile, InterpolatesBetweenOrderStatistics) {
  EXPECT_DOUBLE_EQ(quantile({3, 1, 2, kUnknown}, 0.5), 2);
  EXPECT_DOUBLE_EQ(quantile({0, 10}, 0.95), 9.5);
  EXPECT_DOUBLE_EQ(quantile({4}, 0.95), 4);
  EXPECT_FALSE(known(quantile({}, 0.5)));
}

}  // namespace
}  // namespace energylens::eval
