// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "energylens/meter/limits.hpp"
#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// A figure at a moment.
struct Point {
  double time_s = 0, value = 0;
};

/// A counter unrolled: joules since its first reading, never falling.
struct CounterCurve {
  std::vector<Point> steps;         ///< at every reading
  std::vector<Point> edges;         ///< where it was seen to move
  std::vector<double> edge_blur_s;  ///< of each edge, how far its moment may be off
  std::string broken;               ///< why it is invalid: a reset, or an impossible jump; empty if valid
};

/// Unrolls what a counter showed over `window`, whose times must not fall. Where it was reset outside of the
/// window, only the part that covers the window is kept.
CounterCurve unroll(const std::vector<Point>& shown, const Device& device, const Window& window,
                    const Limits& limits);

/// Removes everything outside the two moments.
void keep_between(CounterCurve& curve, double from_s, double to_s);

/// Energy between two moments, and how far it may be off.
struct Energy {
  double energy_j = 0, uncertainty_j = 0;
  // What a part of the uncertainty comes from, and how long the source was silent at the ends of the window.
  double silence_j = 0, average_j = 0;
  double silent_before_s = 0, silent_after_s = 0;
};

/// By lines through the edges; nothing if no edge stands on both sides. Requires: begin before end.
std::optional<Energy> between_edges(const CounterCurve& curve, double begin_s, double end_s);
/// The same from the readings themselves, each up to one update late. Where the counter stopped before the end it is
/// continued with the mean power, all of which is uncertain. Nothing without a reading at or before `begin_s`.
std::optional<Energy> between_readings(const CounterCurve& curve, double begin_s, double end_s);

/// Integral of power by trapezoids, with lines to the window's edges. Where readings begin after the window
/// does, or end before, by at most `hold_s`, the nearest one is held, and that energy is uncertain. Nothing if they cover
/// less.
std::optional<Energy> integrate(const std::vector<Point>& power, double begin_s, double end_s, double hold_s);

/// How far the integral of power that is a mean over `average_s` may be off: where power changes at an end of the window,
/// up to half of that time is counted on the wrong side; all of it where no reading after the end shows the rest.
double average_uncertainty_j(const std::vector<Point>& power, double begin_s, double end_s, double average_s);

/// Median time between changes of the value; unknown for fewer than two changes.
double median_change_s(const std::vector<Point>& points);
/// Median time between points; unknown for fewer than two.
double median_step_s(const std::vector<Point>& points);

}  // namespace energylens::meter
