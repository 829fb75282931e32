// SPDX-License-Identifier: Apache-2.0
// Windows are given by the system's clock, which may be set while they are measured. The difference between the clocks at
// the reading next to each end turns that end into a time of the monotonic clock, unless the window states it. All times
// are then those of the monotonic clock, moved so that the begin stays what it is. Held by steady_track_test.cpp.
#include "meter/steady_track.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::meter {
namespace {

constexpr double kSame_s = 1e-4;

/// The system's clock minus the monotonic one.
double offset_s(const Reading& reading) {
  return reading.time_s - reading.steady_s;
}

/// The same at a moment of the system's clock, by the reading next to it.
double offset_at(const Track& track, double time_s) {
  const auto distance_s = [&](const Reading& reading) { return std::abs(reading.time_s - time_s); };
  return offset_s(*std::ranges::min_element(track.readings, {}, distance_s));
}

}  // namespace

std::optional<SteadyTrack> on_steady_clock(const Track& track, const Window& window) {
  if (track.readings.empty()) return std::nullopt;
  const double first_s = offset_s(track.readings.front());
  const auto is_other = [&](double offset_s) {
    return std::abs(offset_s - first_s) > kSame_s;
  };  // not of unknown ones
  bool differs =
      is_other(window.begin_s - window.steady_begin_s) || is_other(window.end_s - window.steady_end_s);
  for (const Reading& reading : track.readings) {
    if (!known(reading.steady_s)) return std::nullopt;
    differs = differs || is_other(offset_s(reading));
  }
  if (!differs) return std::nullopt;
  double origin_s = first_s;
  if (known(window.begin_s))
    origin_s = known(window.steady_begin_s) ? window.begin_s - window.steady_begin_s
                                            : offset_at(track, window.begin_s);
  SteadyTrack steady{track, window};
  for (Reading& reading : steady.track.readings) reading.time_s = reading.steady_s + origin_s;
  if (known(window.end_s)) {
    const double end_s =
        known(window.steady_end_s) ? window.steady_end_s : window.end_s - offset_at(track, window.end_s);
    steady.window.end_s = end_s + origin_s;
  }
  return steady;
}

}  // namespace energylens::meter
