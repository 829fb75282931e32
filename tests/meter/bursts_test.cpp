// SPDX-License-Identifier: Apache-2.0
#include "meter/bursts.hpp"

#include <rapidcheck/gtest.h>

namespace energylens::meter {
namespace {

std::vector<Reading> readings_at(const std::vector<double>& times_s) {
  std::vector<Reading> readings;
  for (const double time_s : times_s) {
    Reading reading;
    reading.time_s = time_s;
    readings.push_back(reading);
  }
  return readings;
}

RC_GTEST_PROP(Bursts, DevicesThatAreReadInTurnAreCounted, ()) {
  const int devices = *rc::gen::inRange(2, 17), rounds = *rc::gen::inRange(3, 30);
  const double period_s = *rc::gen::element(0.1, 0.25, 1.0);
  std::vector<double> times_s;
  for (int round = 0; round < rounds; ++round) {
    double time_s = 1e9 + round * period_s;
    for (int i = 0; i < devices; ++i) {
      times_s.push_back(time_s);
      time_s += 1e-3 * *rc::gen::inRange(1, 4) * std::min(1.0, 20 * period_s / devices);
    }
  }
  const int started_late = *rc::gen::inRange(0, devices);
  times_s.erase(times_s.begin(), times_s.begin() + started_late);
  const auto found = bursts_of(readings_at(times_s));
  RC_ASSERT(found.has_value());
  RC_ASSERT(found->size == static_cast<std::size_t>(devices) || found->size == 0u);
}

RC_GTEST_PROP(Bursts, OneDeviceThatIsSometimesLateHasNone, ()) {
  const double period_s = *rc::gen::element(0.02, 0.1, 1.0);
  std::vector<double> times_s;
  double time_s = 1e9;
  for (int i = 0; i < 200; ++i) {
    times_s.push_back(time_s);
    time_s += period_s * (*rc::gen::inRange(0, 20) == 0 ? 5 : 1 + 0.01 * *rc::gen::inRange(0, 20));
  }
  RC_ASSERT(!bursts_of(readings_at(times_s)));
}

TEST(Bursts, PartsOfALogAroundAPauseAreNone) {
  std::vector<double> times_s;
  for (const double begin_s : {1e9, 1e9 + 60}) {
    for (int i = 0; i < 10; ++i) times_s.push_back(begin_s + 0.1 * i);
  }
  EXPECT_FALSE(bursts_of(readings_at(times_s)));
}

TEST(Bursts, LinesThatAreTooCloseForOneDeviceAreOfSeveral) {
  std::vector<double> times_s;
  for (int i = 0; i < 100; ++i) times_s.push_back(1e9 + 0.003 * i);
  const auto found = bursts_of(readings_at(times_s));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size, 0u);
}

}  // namespace
}  // namespace energylens::meter
