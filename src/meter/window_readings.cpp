// SPDX-License-Identifier: Apache-2.0
// The system's clock must not have been set within the readings. The good ones become points of the counter
// and of power, and the counter becomes a curve. Open ends of the window become the outermost changes of the
// counter, or readings. Held by window_test.cpp.
#include "meter/window_readings.hpp"

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"

namespace energylens::meter {
namespace {

/// Changes of the counter help to place one another up to this far outside the window, s.
constexpr double kReach_s = 60;

std::span<const Reading> readings_around(const Track& track, const Window& window, double margin_s) {
  const auto& all = track.readings;
  const auto near = [&](const Reading& reading) {
    return !(reading.time_s < window.begin_s - margin_s) && !(reading.time_s > window.end_s + margin_s);
  };
  const auto first = std::ranges::find_if(all, near);
  if (first == all.end()) return {};
  const auto last = std::find_if(all.rbegin(), all.rend(), near).base();
  return {first, last};
}

/// How far the clock was set from one reading to the next, s; 0 if it was not.
double clock_step_s(const Reading& a, const Reading& b, const Limits& limits) {
  const double passed_s = b.time_s - a.time_s, truly_s = b.steady_s - a.steady_s;
  const double step_s = known(truly_s) ? passed_s - truly_s : std::min(passed_s, 0.0);
  const double allowed_s = known(truly_s) ? limits.max_clock_step_s : 0;
  return std::abs(step_s) > allowed_s ? step_s : 0;
}

/// `inner` and its neighbours, up to where the clock was set or went back.
std::span<const Reading> with_neighbours(std::span<const Reading> inner, const Track& track,
                                         const Limits& limits) {
  const Reading *first = inner.data(), *last = first + inner.size();
  const Reading *begin = track.readings.data(), *end = begin + track.readings.size();
  const auto follows = [&](const Reading& a, const Reading& b) {
    return b.time_s >= a.time_s && clock_step_s(a, b, limits) == 0;
  };
  if (inner.empty()) return inner;
  const double from_s = first->time_s - kReach_s, to_s = last[-1].time_s + kReach_s;
  while (first != begin && first[-1].time_s >= from_s && follows(first[-1], *first)) --first;
  while (last != end && last->time_s <= to_s && follows(last[-1], *last)) ++last;
  return {first, last};
}

std::string clock_step_text(std::span<const Reading> readings, const Limits& limits) {
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const double step_s = clock_step_s(readings[i - 1], readings[i], limits);
    if (step_s != 0) {
      return std::string("the clock was set ") + (step_s < 0 ? "back" : "forward") + " by " +
             quantity_text(std::abs(step_s), "s");
    }
  }
  return {};
}

bool is_good(const Reading& reading) {
  return reading.problem.empty() && (known(reading.energy_j) || reading.power_w > 0);
}

void collect_points(WindowReadings& to) {
  for (const Reading& reading : to.readings) {
    if (!is_good(reading)) {
      to.zeros += reading.problem.empty() && reading.power_w == 0;
      to.negative += reading.problem.empty() && reading.power_w < 0;
      continue;
    }
    if (known(reading.energy_j)) to.counter.push_back({reading.time_s, reading.energy_j});
    if (reading.power_w > 0) to.power.push_back({reading.time_s, reading.power_w});
  }
}

/// Edges are placed by what the track holds far around the window, so that adjacent windows see the same
/// ones; the energy is then taken from those near it.
void draw_curve(const Track& track, WindowReadings& to) {
  std::vector<Point> shown;
  for (const Reading& reading : with_neighbours(to.readings, track, to.limits)) {
    if (is_good(reading) && known(reading.energy_j)) shown.push_back({reading.time_s, reading.energy_j});
  }
  to.curve = unroll(shown, to.device, to.asked, to.limits);
  if (!to.readings.empty()) keep_between(to.curve, to.readings.front().time_s, to.readings.back().time_s);
}

void resolve_window(WindowReadings& to) {
  const auto& points = to.curve.edges.size() >= 2 ? to.curve.edges : to.main_points();
  if (!known(to.window.begin_s) && !points.empty()) to.window.begin_s = points.front().time_s;
  if (!known(to.window.end_s) && !points.empty()) to.window.end_s = points.back().time_s;
}

}  // namespace

std::string clock_step_in(const Track& track, const Window& window, const Limits& limits) {
  return clock_step_text(readings_around(track, window, limits.max_gap_s), limits);
}

WindowReadings select_readings(const Track& track, const Window& window, const Limits& limits) {
  WindowReadings result{.device = track.device,
                        .limits = limits,
                        .asked = window,
                        .window = window,
                        .readings = readings_around(track, window, limits.max_gap_s),
                        .clock_step = {},
                        .counter = {},
                        .power = {},
                        .curve = {}};
  result.clock_step = clock_step_text(result.readings, limits);
  if (!result.clock_step.empty()) return result;
  collect_points(result);
  draw_curve(track, result);
  resolve_window(result);
  return result;
}

}  // namespace energylens::meter
