// SPDX-License-Identifier: Apache-2.0
// A real counter: a steady load on an H200 whose counter moves every 100 ms, read every 10 ms
// (data/h200_pytorch).
#include <gtest/gtest.h>

#include <cmath>

#include "core/file.hpp"
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
  const Track track =
      parse_trace(read_file(ENERGYLENS_MEASURED "/steady_load.csv"), "steady_load.csv").tracks.at(0);
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

TEST_F(MeasuredH200, ReadMoreRarelyItIsTheSamePower) {
  for (const std::size_t n : {3u, 5u, 10u}) {
    for (std::size_t first = 0; first < n; ++first) {
      const Measurement measured = measure(thinned(track, n, first), window);
      ASSERT_TRUE(measured.valid());
      EXPECT_NEAR(measured.mean_power_w / fine_w, 1, 0.005) << n << "0 ms, from reading " << first;
      EXPECT_LE(std::abs(measured.energy_j - 3 * fine_w), measured.uncertainty_j + 3)
          << n << "0 ms, from reading " << first;
    }
  }
}

/// As a recorder reads: every time until the work begins, at an edge of the counter, then every n-th time,
/// and after its end every time again, for the edges there.
Track read_in_step(const Track& track, const Window& work, std::size_t n, std::size_t phase) {
  Track out = track;
  out.readings.clear();
  for (std::size_t i = 0; i < track.readings.size(); ++i) {
    const double time_s = track.readings[i].time_s;
    if (time_s <= work.begin_s || time_s >= work.end_s || i % n == phase)
      out.readings.push_back(track.readings[i]);
  }
  return out;
}

/// The reading at which the counter has just moved, the first one from `after_s` on.
double edge_from(const Track& track, double after_s) {
  std::size_t i = 1;
  while (track.readings[i].time_s < after_s || track.readings[i].energy_j == track.readings[i - 1].energy_j)
    ++i;
  return track.readings[i].time_s;
}

/// With edges put half-way between readings, up to 0.85 % too much.
TEST_F(MeasuredH200, WorkReadInStepWithTheCounterHasNoBias) {
  const double edge_s = edge_from(track, begin_s);
  const Window work{edge_s, edge_s + 3};
  const double truth_j = measure(track, work).energy_j;
  for (const std::size_t n : {5u, 10u}) {
    for (std::size_t phase = 0; phase < n; ++phase) {
      const Measurement measured = measure(read_in_step(track, work, n, phase), work);
      ASSERT_TRUE(measured.valid());
      EXPECT_NEAR(measured.energy_j / truth_j, 1, 0.003) << n << "0 ms, phase " << phase;
      EXPECT_LE(std::abs(measured.energy_j - truth_j), measured.uncertainty_j)
          << n << "0 ms, phase " << phase;
    }
  }
}

}  // namespace
}  // namespace energylens::meter
