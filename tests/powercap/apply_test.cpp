// SPDX-License-Identifier: Apache-2.0
#include "powercap/apply.hpp"

#include <gtest/gtest.h>

#include "powercap/sweeps.hpp"

namespace energylens::powercap {
namespace {

predictor::Prediction prediction() {
  predictor::Prediction p;
  p.total_energy_j = {1000, 900, 1100};
  p.total_time_s = {2, 1.9, 2.1};
  p.tpot_s = {0.02, 0.019, 0.021};
  p.avg_power_w = {500, kUnknown, kUnknown};
  return p;
}

TEST(Apply, MultipliesEnergyTimeAndPower) {
  predictor::Prediction p = prediction();
  const Curve curve = known_curve();
  const std::optional<Factors> factors = apply_cap(curve, 2, 150, p);
  ASSERT_TRUE(factors);
  const Factors expected = at_cap(curve, 250, 150);
  EXPECT_DOUBLE_EQ(factors->energy, expected.energy);
  EXPECT_DOUBLE_EQ(p.total_energy_j.value, 1000 * expected.energy);
  EXPECT_DOUBLE_EQ(p.tpot_s.value, 0.02 * expected.time);
  EXPECT_DOUBLE_EQ(p.avg_power_w.value, 500 * expected.power);
  EXPECT_FALSE(known(p.ttft_s.value));
  // Wider than the interval of the prediction alone, in proportion.
  EXPECT_GT(p.total_energy_j.hi / p.total_energy_j.value, 1.1);
  EXPECT_LT(p.total_energy_j.lo / p.total_energy_j.value, 0.9);
}

TEST(Apply, ACapAboveThePowerChangesNothing) {
  predictor::Prediction p = prediction();
  ASSERT_TRUE(apply_cap(known_curve(), 2, 300, p));
  EXPECT_DOUBLE_EQ(p.total_energy_j.value, 1000);
  EXPECT_NEAR(p.total_energy_j.hi, 1100, 1e-3);
}

TEST(Apply, ASlowerClockIsAnotherPointOfTheCurve) {
  predictor::Prediction p = prediction();
  const std::optional<Factors> factors = apply_clock(known_curve(), 2, 0.6, p);
  ASSERT_TRUE(factors);
  EXPECT_DOUBLE_EQ(factors->clock, 0.6);
  const Factors expected = at_clock(known_curve(), 250, 0.6);
  EXPECT_DOUBLE_EQ(p.total_energy_j.value, 1000 * expected.energy);
  EXPECT_DOUBLE_EQ(p.total_time_s.value, 2 * expected.time);
  EXPECT_GT(p.total_time_s.value, 2);
}

TEST(Apply, NeedsAPower) {
  predictor::Prediction p = prediction();
  p.avg_power_w = {};
  EXPECT_FALSE(apply_cap(known_curve(), 2, 150, p));
  EXPECT_EQ(p.total_energy_j.value, 1000);
}

}  // namespace
}  // namespace energylens::powercap
