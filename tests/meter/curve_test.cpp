// SPDX-License-Identifier: Apache-2.0
#include "meter/curve.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace energylens::meter {
namespace {

Device counting() {
  Device device;
  device.has_counter = true;
  return device;
}

TEST(CounterCurve, EdgesStandBetweenTheReadingsAroundThem) {
  const CounterCurve curve = unroll({{0, 10}, {1, 10}, {2, 14}, {3, 14}, {4, 20}}, counting(), {}, {});
  ASSERT_EQ(curve.edges.size(), 2u);
  EXPECT_EQ(curve.edges[0].time_s, 1.5);
  EXPECT_EQ(curve.edges[0].value, 4);
  EXPECT_EQ(curve.edges[1].time_s, 3.5);
  EXPECT_EQ(curve.edges[1].value, 10);
  EXPECT_EQ(curve.edge_blur_s[1], 0.5);
}

TEST(CounterCurve, AStatedUpdatePeriodNarrowsTheEdges) {
  Device device = counting();
  device.counter_update_s = 0.1;
  const CounterCurve curve = unroll({{0, 10}, {1, 14}}, device, {}, {});
  EXPECT_DOUBLE_EQ(curve.edges[0].time_s, 0.95);
  EXPECT_NEAR(curve.edge_blur_s[0], 0.05, 1e-12);
}

TEST(CounterCurve, AnUpdatePeriodSeenWhereReadingsWereDenseNarrowsTheOthers) {
  std::vector<Point> shown;
  for (int i = 0; i <= 50; ++i) shown.push_back({0.002 * i, std::floor(0.002 * i / 0.02 + 1e-9)});
  shown.push_back({0.2, 10});
  shown.push_back({0.3, 15});
  const CounterCurve curve = unroll(shown, counting(), {}, {});
  // The reading before is 0.1 s older; the period is seen to within two readings.
  EXPECT_LE(curve.edge_blur_s.back(), 0.025);
  EXPECT_GE(curve.edges.back().time_s, 0.275);
  EXPECT_LE(curve.edge_blur_s.front(), 0.002);
}

TEST(CounterCurve, BetweenEdgesNeedsAnEdgeOnBothSides) {
  const CounterCurve curve = unroll({{0, 0}, {1, 10}, {2, 20}, {3, 30}}, counting(), {}, {});
  EXPECT_FALSE(between_edges(curve, 0.4, 2));
  EXPECT_FALSE(between_edges(curve, 1, 2.6));
  const auto energy = between_edges(curve, 0.5, 2.5);
  ASSERT_TRUE(energy);
  EXPECT_DOUBLE_EQ(energy->energy_j, 20);
  EXPECT_DOUBLE_EQ(energy->uncertainty_j, 10);
}

TEST(CounterCurve, BetweenReadingsTakesWhatWasShown) {
  const CounterCurve curve = unroll({{0, 0}, {1, 10}, {2, 20}, {3, 30}}, counting(), {}, {});
  const auto energy = between_readings(curve, 0.9, 2.9);
  ASSERT_TRUE(energy);
  EXPECT_DOUBLE_EQ(energy->energy_j, 20);
  EXPECT_FALSE(between_readings(curve, -1, 2));
}

TEST(Integral, HoldsTheNearestReadingForAsLongAsAllowed) {
  const std::vector<Point> power = {{1, 100}, {2, 200}, {3, 200}};
  EXPECT_DOUBLE_EQ(integrate(power, 0.5, 3.5, 0.5)->energy_j, 50 + 150 + 200 + 100);
  EXPECT_FALSE(integrate(power, 0.4, 3, 0.5));
  EXPECT_FALSE(integrate(power, 1, 3.6, 0.5));
  EXPECT_FALSE(integrate({}, 1, 3, 9));
  EXPECT_DOUBLE_EQ(integrate(power, 1.25, 1.75, 0)->energy_j, 0.5 * 150) << "no reading inside";
}

TEST(MedianChange, CountsOnlyPointsThatDiffer) {
  EXPECT_EQ(median_change_s({{0, 1}, {1, 2}, {2, 2}, {3, 3}, {5, 4}}), 2);
  EXPECT_FALSE(known(median_change_s({{0, 1}, {1, 2}, {2, 2}})));
}

}  // namespace
}  // namespace energylens::meter
