// SPDX-License-Identifier: Apache-2.0
#include "energylens/meter/recorder.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "energylens/meter/window.hpp"
#include "meter/backends.hpp"
#include "meter/environment.hpp"

namespace energylens::meter {
namespace {

std::unique_ptr<Meter> fake_gpus() {
  OpenOptions options;
  options.source = ENERGYLENS_FAKE_NVML;
  return open_nvml(options).meter;
}

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

TEST(Recorder, BeginsAtAnEdgeAndMeasuresALiveMeter) {
  const Environment update("FAKE_NVML_UPDATE_MS", "50");
  const auto meter = fake_gpus();
  Recorder recorder(*meter, {.period_s = 0.02});
  recorder.start();
  const double begin_s = unix_now_s();
  sleep_s(0.3);
  const double end_s = unix_now_s();
  recorder.stop();
  ASSERT_EQ(recorder.trace().tracks.size(), 2u);
  for (const double power_w : {300.0, 600.0}) {
    const Measurement m = measure(recorder.trace().tracks[power_w > 500], {begin_s, end_s});
    EXPECT_THAT(m.reasons, testing::IsEmpty());
    EXPECT_EQ(m.source, EnergySource::counter);
    // On a busy machine readings are late, and the uncertainty says so.
    EXPECT_NEAR(m.energy_j, power_w * (end_s - begin_s), m.uncertainty_j + 0.01 * m.energy_j);
    EXPECT_LT(m.uncertainty_j, 0.5 * m.energy_j);
    EXPECT_GE(m.counter_update_s, 0.02);
  }
}

TEST(Recorder, LooksForEdgesByTheCounterAloneAndHasPowerOnBothSidesOfThem) {
  const Environment update("FAKE_NVML_UPDATE_MS", "50");
  const auto meter = fake_gpus();
  Recorder recorder(*meter, {.period_s = 100});
  recorder.start();
  recorder.stop();
  const std::vector<Reading>& readings = recorder.trace().tracks.at(0).readings;
  const auto with_power = [](const Reading& reading) { return known(reading.power_w); };
  EXPECT_EQ(std::ranges::count_if(readings, with_power), 4) << "two searches for edges, two ends each";
  EXPECT_TRUE(with_power(readings.front()) && with_power(readings.back()));
  EXPECT_GT(readings.size(), 8u);
  EXPECT_TRUE(std::ranges::all_of(readings, [](const Reading& reading) { return known(reading.energy_j); }));
}

TEST(Recorder, KeepsItsPeriodAndCostsLittle) {
  const auto meter = fake_gpus();
  Recorder recorder(*meter, {.period_s = 0.01});
  recorder.start();
  sleep_s(0.2);
  recorder.stop();
  const Timing timing = recorder.timing();
  EXPECT_GE(timing.readings, 5u);
  EXPECT_GE(timing.mean_period_s, 0.005) << "readings that were late are not made up for by extra ones";
  EXPECT_LE(timing.mean_period_s, timing.longest_period_s);
  EXPECT_GT(timing.cpu_s, 0);
}

TEST(Recorder, ACounterThatNeverMovesDoesNotHoldItUp) {
  const Environment update("FAKE_NVML_UPDATE_MS", "100000000");
  const auto meter = fake_gpus();
  Recorder recorder(*meter, {.edge_wait_s = 0.05});
  const double begin_s = steady_now_s();
  recorder.start();
  recorder.stop();
  EXPECT_LT(steady_now_s() - begin_s, 5);
}

TEST(Recorder, StopsWhenItIsDestroyed) {
  const auto meter = fake_gpus();
  Recorder recorder(*meter, {.period_s = 100});
  recorder.start();
}

}  // namespace
}  // namespace energylens::meter
