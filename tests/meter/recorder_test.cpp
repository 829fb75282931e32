// SPDX-License-Identifier: Apache-2.0
#include "energylens/meter/recorder.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "energylens/meter/window.hpp"
#include "fake_clock.hpp"
#include "meter/backends.hpp"
#include "meter/clocked_meter.hpp"

namespace energylens::meter {
namespace {

/// Of a counter that moves every 50 ms.
double since_update_s(const Clock& clock) {
  return std::fmod(clock.steady_now_s() + 1e-9, 0.05);
}

TEST(Recorder, BeginsAtAnEdgeAndMeasuresALiveMeter) {
  FakeClock clock;
  ClockedMeter gpu(clock, 300, 0.05);
  Recorder recorder(gpu, {.period_s = 0.02}, clock);
  clock.sleep(0.013);
  recorder.start();
  EXPECT_LE(since_update_s(clock), 0.002 + 1e-9) << "a counter update was just seen";
  const double begin_s = clock.wall_now_s();
  clock.sleep(0.3);
  const double end_s = clock.wall_now_s();
  recorder.stop();
  const Measurement m = measure(recorder.trace().tracks.at(0), {begin_s, end_s});
  EXPECT_THAT(m.reasons, testing::IsEmpty());
  EXPECT_EQ(m.source, EnergySource::counter);
  EXPECT_NEAR(m.energy_j, 90, 0.6) << "300 W for 0.3 s, and 1 ms at each end";
  EXPECT_LT(m.uncertainty_j, 0.04 * m.energy_j);
  EXPECT_NEAR(m.counter_update_s, 0.05, 0.011);
}

TEST(Recorder, LooksForEdgesByTheCounterAloneAndHasPowerOnBothSidesOfThem) {
  FakeClock clock;
  ClockedMeter gpu(clock, 300, 0.05);
  Recorder recorder(gpu, {.period_s = 100}, clock);
  recorder.start();
  recorder.stop();
  const std::vector<Reading>& readings = recorder.trace().tracks.at(0).readings;
  const auto with_power = [](const Reading& reading) { return known(reading.power_w); };
  EXPECT_EQ(std::ranges::count_if(readings, with_power), 4) << "two searches for edges, two ends each";
  EXPECT_TRUE(with_power(readings.front()) && with_power(readings.back()));
  EXPECT_GE(readings.size(), 2 * 0.05 / 0.002);
  EXPECT_TRUE(std::ranges::all_of(readings, [](const Reading& reading) { return known(reading.energy_j); }));
}

TEST(Recorder, KeepsItsPeriod) {
  FakeClock clock;
  ClockedMeter gpu(clock);
  Recorder recorder(gpu, {.period_s = 0.01}, clock);
  recorder.start();
  clock.sleep(0.205);
  recorder.stop();
  const Timing timing = recorder.timing();
  EXPECT_EQ(timing.readings, 20u);
  EXPECT_NEAR(timing.mean_period_s, 0.01, 1e-9);
  EXPECT_NEAR(timing.period_sd_s, 0, 1e-9);
}

TEST(Recorder, LateReadingsDelayNoneAfterThemAndAreNotMadeUpFor) {
  FakeClock clock;
  ClockedMeter gpu(clock);
  Recorder recorder(gpu, {.period_s = 0.01}, clock);
  recorder.start();
  gpu.set_read_time(0.025);
  clock.sleep(0.1001);
  gpu.set_read_time(0);
  clock.sleep(0.1);
  recorder.stop();
  const Timing timing = recorder.timing();
  EXPECT_NEAR(timing.longest_period_s, 0.025, 1e-6);
  EXPECT_GT(timing.mean_period_s, 0.0099);
  EXPECT_LE(timing.readings, 5u + 11u) << "none extra";
}

TEST(Recorder, AlignsAgainWhenAsked) {
  FakeClock clock;
  ClockedMeter gpu(clock, 300, 0.05);
  Recorder recorder(gpu, {.period_s = 0.5}, clock);
  recorder.start();
  clock.sleep(1.234);
  const double before_s = clock.steady_now_s();
  recorder.align();
  EXPECT_LE(since_update_s(clock), 0.002 + 1e-9);
  EXPECT_LE(clock.steady_now_s() - before_s, 0.102) << "within two updates";
  recorder.stop();
}

TEST(Recorder, ACounterThatNeverMovesDoesNotHoldItUp) {
  FakeClock clock;
  ClockedMeter gpu(clock, 300, 1e9);
  Recorder recorder(gpu, {.edge_wait_s = 0.05}, clock);
  const double begin_s = clock.steady_now_s();
  recorder.start();
  EXPECT_NEAR(clock.steady_now_s() - begin_s, 0.05, 0.002);
  recorder.stop();
  EXPECT_NEAR(clock.steady_now_s() - begin_s, 0.1, 0.004);
}

TEST(Recorder, StopsWhenItIsDestroyed) {
  FakeClock clock;
  ClockedMeter gpu(clock);
  Recorder recorder(gpu, {.period_s = 100}, clock);
  recorder.start();
}

TEST(Recorder, ReadsALibraryByTheRealClock) {
  OpenOptions options;
  options.source = ENERGYLENS_FAKE_NVML;
  const auto meter = open_nvml(options).meter;
  Recorder recorder(*meter, {.period_s = 0.001});
  recorder.start();
  real_clock().sleep(0.01);
  recorder.stop();
  ASSERT_EQ(recorder.trace().tracks.size(), 2u);
  EXPECT_GE(recorder.trace().tracks[1].readings.size(), 4u);
  EXPECT_GT(recorder.timing().cpu_s, 0);
}

}  // namespace
}  // namespace energylens::meter
