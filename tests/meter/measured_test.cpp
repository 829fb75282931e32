// SPDX-License-Identifier: Apache-2.0
// A real counter: a steady load on an H200 whose counter moves every 100 ms, read every 10 ms (data/h200_pytorch).
#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/file.hpp"
#include "energylens/meter/window.hpp"

namespace energylens::meter {
namespace {

/// Every n-th reading, from one of the first n on: as if read so much less often, in another phase.
Track thinned(const Track& track, std::size_t n, std::size_t first) {
  Track out = track;
  out.readings.clear();
  for (std::size_t i = first; i < track.readings.size(); i += n) out.readings.push_back(track.readings[i]);
  return out;
}

class MeasuredH200 : public testing::Test {
 protected:
  const Track track = parse_trace(read_file(ENERGYLENS_MEASURED "/steady_load.csv"), "steady_load.csv").tracks.at(0);
  const double begin_s = track.readings.front().time_s + 0.7;
  const Window window{begin_s, begin_s + 3};
  const double fine_w = measure(track, window).mean_power_w;
};

TEST_F(MeasuredH200, CounterAndPowerAgree) {
  const Measurement measured = measure(track, window);
  ASSERT_TRUE(measured.valid());
  EXPECT_EQ(measured.source, EnergySource::counter);
  EXPECT_NEAR(measured.counter_update_s, 0.1, 0.005);
  EXPECT_LT(measured.disagreement, 0.01);
}

TEST_F(MeasuredH200, ReadInStepWithTheCounterThereIsNoBias) {
  for (const std::size_t n : {3u, 5u, 10u}) {
    for (std::size_t first = 0; first < n; ++first) {
      const Measurement measured = measure(thinned(track, n, first), window);
      ASSERT_TRUE(measured.valid());
      EXPECT_NEAR(measured.mean_power_w / fine_w, 1, 0.005) << n << "0 ms, from reading " << first;
      EXPECT_LE(std::abs(measured.energy_j - 3 * fine_w), measured.uncertainty_j + 3) << n << "0 ms, from reading " << first;
    }
  }
}

}  // namespace
}  // namespace energylens::meter
