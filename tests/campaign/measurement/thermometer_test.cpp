// SPDX-License-Identifier: Apache-2.0
#include "campaign/measurement/thermometer.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "fake_clock.hpp"

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

/// Devices whose temperatures are given, read by read.
class Sensors : public meter::Meter {
 public:
  explicit Sensors(std::vector<double> celsius) : devices_(celsius.size()), celsius_(std::move(celsius)) {}
  const std::vector<meter::Device>& devices() const override { return devices_; }
  bool read(std::span<meter::Reading> readings) override {
    for (std::size_t i = 0; i < readings.size(); ++i) readings[i].temperature_c = celsius_[i];
    ++reads;
    return true;
  }
  int reads = 0;

 private:
  std::vector<meter::Device> devices_;
  std::vector<double> celsius_;
};

TEST(Thermometer, ReadsTheHottestOfTheDevicesThatDoTheWork) {
  Sensors first({90, 40}), second({50, kUnknown, 95});
  const std::vector<meter::NamedMeter> meters = {{"a", &first}, {"b", &second}};
  const auto read = [&](const std::vector<std::size_t>& tracks) {
    Thermometer thermometer;
    thermometer.read(meters, tracks, FakeClock());
    return thermometer.last_c();
  };
  EXPECT_EQ(read({1, 2}), 50);
  EXPECT_EQ(read({1, 3}), 40) << "one does not tell";
  EXPECT_FALSE(known(read({3})));
  const int before = second.reads;
  EXPECT_EQ(read({0, 1}), 90);
  EXPECT_EQ(second.reads, before) << "a meter that does none of the work is left alone";
}

TEST(TemperatureWatch, ReadsAtOnceAndThenFromItsThread) {
  Sensors sensors({60});
  const std::vector<meter::NamedMeter> meters = {{"a", &sensors}};
  const std::vector<std::size_t> tracks = {0};
  FakeClock clock;
  const TemperatureWatch watch(meters, tracks, 0.5, clock);
  EXPECT_EQ(sensors.reads, 1);
  EXPECT_EQ(watch.thermometer().last_c(), 60);
  clock.sleep(5.2);
  EXPECT_EQ(sensors.reads, 11);
  EXPECT_EQ(watch.thermometer().slope_c_per_min(5), 0);
}

}  // namespace
}  // namespace energylens::campaign
