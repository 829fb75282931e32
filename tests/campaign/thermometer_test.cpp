// SPDX-License-Identifier: Apache-2.0
#include "campaign/thermometer.hpp"

#include <gmock/gmock.h>

#include <cmath>

namespace energylens::campaign {
namespace {

TEST(Thermometer, KnowsTheSlopeOfAStraightLine) {
  Thermometer thermometer;
  for (int i = 0; i <= 20; ++i) thermometer.add(i, 40 + 0.5 * i);
  EXPECT_NEAR(thermometer.slope_c_per_min(10), 30, 1e-9);
  EXPECT_EQ(thermometer.last_c(), 50);
}

TEST(Thermometer, LooksAtTheLastStretchOnly) {
  Thermometer thermometer;
  for (int i = 0; i <= 40; ++i) thermometer.add(i, std::min(60, 40 + i));
  EXPECT_NEAR(thermometer.slope_c_per_min(10), 0, 1e-9);
  EXPECT_GT(thermometer.slope_c_per_min(40), 20);
}

TEST(Thermometer, KnowsNoSlopeBeforeTheStretchIsCovered) {
  Thermometer thermometer;
  EXPECT_FALSE(known(thermometer.last_c()));
  for (int i = 0; i <= 5; ++i) thermometer.add(i, 40);
  EXPECT_FALSE(known(thermometer.slope_c_per_min(10)));
  EXPECT_EQ(thermometer.slope_c_per_min(5), 0);
}

TEST(Thermometer, RareReadingsAreUsedAllTheSame) {
  Thermometer thermometer;
  for (int i = 0; i < 3; ++i) thermometer.add(60.0 * i, 40 + i);
  EXPECT_NEAR(thermometer.slope_c_per_min(20), 1, 1e-9);
}

TEST(Thermometer, AFlickerOfWholeDegreesIsNoSlope) {
  Thermometer thermometer;
  for (int i = 0; i <= 40; ++i) thermometer.add(0.5 * i, i % 2 == 0 ? 60 : 61);
  EXPECT_LT(std::abs(thermometer.slope_c_per_min(20)), 0.5);
}

TEST(Thermometer, PassesOverWhatIsUnknownAndWhatGoesBack) {
  Thermometer thermometer;
  thermometer.add(1, 40);
  thermometer.add(2, kUnknown);
  thermometer.add(0.5, 90);
  EXPECT_EQ(thermometer.last_c(), 40);
}

TEST(Thermometer, TakesTheHottestDeviceOfARecording) {
  meter::Trace trace;
  trace.tracks.resize(3);
  for (int i = 0; i < 5; ++i) {
    for (std::size_t device = 0; device < 3; ++device) {
      meter::Reading reading;
      reading.steady_s = i;
      reading.temperature_c = 40 + 10 * static_cast<double>(device);
      if (device == 1 && i == 4) reading.temperature_c = kUnknown;
      trace.tracks[device].readings.push_back(reading);
    }
  }
  Thermometer thermometer;
  const std::vector<std::size_t> tracks = {0, 1};
  thermometer.add(trace, tracks);
  EXPECT_EQ(thermometer.last_c(), 40) << "the last of them is not known of the hotter one";
  EXPECT_LT(thermometer.slope_c_per_min(4), 0);
}

}  // namespace
}  // namespace energylens::campaign
