// SPDX-License-Identifier: Apache-2.0
#include "meter/steady_track.hpp"

#include <gmock/gmock.h>

#include "meter/tracks.hpp"

namespace energylens::meter {
namespace {

using testing::IsEmpty;

/// 400 W, read for 20 s from 1000 s on; the system's clock is set by `step_s` at 1010 s.
Track set_clock(double step_s, bool counter = true) {
  TrackMaker maker;
  maker.counter = counter;
  Track track = maker.make();
  for (Reading& reading : track.readings) {
    if (reading.time_s > 1010) reading.time_s += step_s;
  }
  return track;
}

TEST(SteadyTrack, ASmallStepOfTheClockDoesNotChangeAWindow) {
  for (const double step_s : {-0.3, 0.3, 0.45, -0.45}) {
    for (const bool counter : {true, false}) {
      const Measurement m = measure(set_clock(step_s, counter), {1008.5, 1011.5 + step_s});
      EXPECT_THAT(m.reasons, IsEmpty()) << step_s;
      EXPECT_NEAR(m.duration_s, 3, 1e-6);
      EXPECT_NEAR(m.energy_j, 1200, 1e-6);
      EXPECT_NEAR(m.mean_power_w, 400, 1e-6);
      EXPECT_NEAR(m.window.begin_s, 1008.5, 1e-6);
      EXPECT_NEAR(m.window.end_s, 1011.5 + step_s, 1e-6) << "as asked for";
    }
  }
}

TEST(SteadyTrack, AWindowThatStatesItsMonotonicTimesIsMeasuredByThem) {
  // Both ends by the offset of the begin, as who does not look at the clock again gives them.
  Window window{1008.5, 1011.5, 108.5, 111.5};
  EXPECT_NEAR(measure(set_clock(0.3), window).energy_j, 1200, 1e-6);
  window.end_s += 0.3;  // by the clock as it is at the end
  EXPECT_NEAR(measure(set_clock(0.3), window).energy_j, 1200, 1e-6);
}

TEST(SteadyTrack, AnOpenWindowIsAsLongAsItWas) {
  EXPECT_NEAR(measure(set_clock(0.3)).duration_s, 19.9, 1e-6);
  EXPECT_NEAR(measure(set_clock(-0.3), {1008.5, kUnknown}).energy_j, 400 * 11.45, 1e-6);
}

TEST(SteadyTrack, NothingIsCopiedWhereTheClockWasNotSet) {
  EXPECT_FALSE(on_steady_clock(TrackMaker{}.make(), {1001, 1002}));
  TrackMaker foreign;
  foreign.steady = false;
  EXPECT_FALSE(on_steady_clock(foreign.make(), {1001, 1002}));
  EXPECT_FALSE(on_steady_clock(Track{}, {1001, 1002}));
  EXPECT_TRUE(on_steady_clock(set_clock(0.1), {1001, 1002}));
}

}  // namespace
}  // namespace energylens::meter
