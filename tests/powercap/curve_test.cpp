// SPDX-License-Identifier: Apache-2.0
#include "energylens/powercap/curve.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace energylens::powercap {
namespace {

Curve curve(double static_w, double knee, double exponent) {
  Curve out = prior_curve(400);
  out.static_w = static_w;
  out.knee = knee;
  out.exponent = exponent;
  return out;
}

TEST(Curve, ACapThatDoesNotBindChangesNothing) {
  const Factors factors = at_cap(curve(60, 0.5, 1), 300, 400);
  EXPECT_EQ(factors.power, 1);
  EXPECT_DOUBLE_EQ(factors.time, 1);
  EXPECT_DOUBLE_EQ(factors.energy, 1);
  EXPECT_NEAR(factors.log_sd_energy, 0, 1e-6);
}

// By hand: at 180 of 300 W with 60 W static and n = 1 the clock is half, n = 3 the cube root of a half.
TEST(Curve, TheCapSetsTheClock) {
  EXPECT_NEAR(at_cap(curve(60, 0.5, 1), 300, 180).clock, 0.5, 1e-12);
  EXPECT_NEAR(at_cap(curve(60, 0.5, 3), 300, 180).clock, std::cbrt(0.5), 1e-12);
  const Factors factors = at_cap(curve(60, 0.5, 1), 300, 180);
  EXPECT_NEAR(factors.power, 0.6, 1e-12);
  EXPECT_NEAR(factors.time, std::pow(2 / (1 + std::pow(0.5, 5)), 0.2), 1e-12);  // at the knee
  EXPECT_DOUBLE_EQ(factors.energy, factors.power * factors.time);
}

TEST(Curve, WorkThatWaitsForMemoryLosesNoTimeAndWorkOfArithmeticAllOfIt) {
  EXPECT_NEAR(at_clock(curve(60, 0.01, 2), 300, 0.5).time, 1, 1e-6);
  EXPECT_NEAR(at_clock(curve(60, 50, 2), 300, 0.5).time, 2, 1e-6);
}

TEST(Curve, TheLowestClockEndsTheCurve) {
  const Curve one = curve(40, 0.6, 1);
  const Factors low = at_cap(one, 130, 20), lower = at_cap(one, 130, 10);
  EXPECT_NEAR(low.clock, 0.14, 1e-9);
  EXPECT_EQ(low.energy, lower.energy);
  EXPECT_GT(low.power * 130, 40);
}

TEST(Curve, CapUseScalesTheCap) {
  Curve one = curve(60, 0.5, 1);
  const double full = at_cap(one, 300, 200).power;
  one.cap_use = 0.8;
  EXPECT_NEAR(at_cap(one, 300, 250).power, full, 1e-12);
}

TEST(Curve, ThePriorIsWide) {
  const Factors half = at_cap(prior_curve(400), 380, 200);
  EXPECT_GT(half.log_sd_energy, 0.05);
  EXPECT_LT(half.log_sd_energy, 0.5);
  EXPECT_FALSE(prior_curve(400).fitted);
}

// More cap never costs speed; power keeps the cap.
RC_GTEST_PROP(Curve, IsMonotoneInTheCap, ()) {
  const double knee = *rc::gen::inRange(5, 150) / 100.0, exponent = *rc::gen::inRange(50, 350) / 100.0;
  const Curve one = curve(*rc::gen::inRange(5, 200), knee, exponent);
  const double reference = *rc::gen::inRange(50, 700);
  double before = 1e300;
  for (double cap = 10; cap < 800; cap += 35) {
    const Factors factors = at_cap(one, reference, cap);
    RC_ASSERT(factors.time <= before * (1 + 1e-12));
    RC_ASSERT(factors.time >= 1 - 1e-12);
    RC_ASSERT(factors.power <= 1 + 1e-12);
    RC_ASSERT(factors.clock <= 0.1401 || factors.power * reference <= cap * (1 + 1e-9));
    before = factors.time;
  }
}

}  // namespace
}  // namespace energylens::powercap
