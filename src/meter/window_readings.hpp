// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "energylens/meter/window.hpp"
#include "meter/curve.hpp"

namespace energylens::meter {

/// The readings that a window is measured by, sorted out once for `measure_energy` and `validate`.
struct WindowReadings {
  const Device& device;
  const Limits& limits;
  Window asked;                         ///< as asked for: its ends may be unknown
  Window window;                        ///< with both ends, if the readings give them
  std::span<const Reading> readings;    ///< inside, and within the largest gap allowed around it
  std::string clock_step;               ///< how the system's clock was set; then nothing below is filled in
  std::vector<Point> counter;           ///< good readings of the counter
  std::vector<Point> power;             ///< good readings of power
  std::size_t zeros = 0, negative = 0;  ///< readings of power that were ignored
  CounterCurve curve;

  double duration_s() const { return window.end_s - window.begin_s; }
  /// Those that the energy comes from.
  const std::vector<Point>& main_points() const { return counter.empty() ? power : counter; }
};

/// How the system's clock was set within the readings that a window is measured by, in words; empty if it was not.
std::string clock_step_in(const Track& track, const Window& window, const Limits& limits);

/// `track` and `limits` must outlive the result.
WindowReadings select_readings(const Track& track, const Window& window, const Limits& limits);

/// The figures of a window, the energy by each of its two sources, and why one was taken.
struct MeasuredEnergy {
  Measurement figures;  ///< `reasons` and `warnings` are empty
  std::optional<Energy> counter, integral;
  bool counter_between_readings = false;  ///< the counter did not change on both sides of the window
  bool counter_stood_still = false;       ///< although the device drew power
  bool counter_is_coarser = false;        ///< than the power, which is taken
};

MeasuredEnergy measure_energy(const WindowReadings& readings);

/// Something that a reader of the figures must know; if it `invalidates` them, they may be wrong.
struct Finding {
  bool invalidates;
  std::string text;
};
/// What is wrong with the figures, in the order of the checks.
std::vector<Finding> validate(const WindowReadings& readings, const MeasuredEnergy& measured);

/// The time over which power is a mean; power of unknown kind may be one over 1 s, as most GPUs report it.
inline double power_average_s(const Device& device) {
  return known(device.power_average_s) ? device.power_average_s : 1;
}

/// Whether the uncertainty exceeds the limit.
inline bool too_uncertain(const Energy& energy, const Limits& limits) {
  return energy.uncertainty_j > limits.max_uncertainty * energy.energy_j;
}

}  // namespace energylens::meter
