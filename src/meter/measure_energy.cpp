// SPDX-License-Identifier: Apache-2.0
// The counter is preferred to the integral of power, unless it has too few steps in the window and the power
// is instantaneous. Held by window_test.cpp.
#include <algorithm>
#include <cmath>

#include "meter/source_times.hpp"
#include "meter/window_readings.hpp"

namespace energylens::meter {
namespace {

/// A counter that does not move counts as stuck once the device has drawn this much.
constexpr double kStandstill_j = 20;

void find_counter_energy(const WindowReadings& readings, MeasuredEnergy& energy) {
  if (readings.counter.empty() || !readings.curve.broken.empty()) return;
  const double begin_s = readings.window.begin_s, end_s = readings.window.end_s;
  energy.counter = between_edges(readings.curve, begin_s, end_s);
  if (energy.counter) return;
  energy.counter = between_readings(readings.curve, begin_s, end_s);
  if (energy.counter && !(energy.counter->energy_j > 0)) energy.counter.reset();
  energy.counter_between_readings = energy.counter.has_value();
}

void add_average_uncertainty(const WindowReadings& readings, Energy& integral) {
  integral.average_j = average_uncertainty_j(readings.power, readings.window.begin_s, readings.window.end_s,
                                             power_average_s(readings.device));
  integral.uncertainty_j += integral.average_j;
}

void find_energies(const WindowReadings& readings, MeasuredEnergy& energy) {
  const double step_s = median_step_s(readings.power);
  const double hold_s = known(step_s) ? 1.5 * step_s : 0;
  energy.integral = integrate(readings.power, readings.window.begin_s, readings.window.end_s, hold_s);
  if (energy.integral) add_average_uncertainty(readings, *energy.integral);
  find_counter_energy(readings, energy);
  const bool read_at_begin =
      !readings.counter.empty() && readings.counter.front().time_s <= readings.window.begin_s;
  energy.counter_stood_still = read_at_begin && !energy.counter && readings.curve.broken.empty() &&
                               energy.integral && energy.integral->energy_j > kStandstill_j;
  const bool same_scope = readings.device.scope == readings.device.power_scope;
  energy.counter_is_coarser = energy.counter && too_uncertain(*energy.counter, readings.limits) &&
                              energy.integral && same_scope &&
                              !too_uncertain(*energy.integral, readings.limits);
}

void take(const Energy& energy, EnergySource source, Measurement& to) {
  to.energy_j = energy.energy_j;
  to.uncertainty_j = energy.uncertainty_j;
  to.source = source;
  to.mean_power_w = energy.energy_j / to.duration_s;
}

void choose_energy(const WindowReadings& readings, MeasuredEnergy& energy) {
  Measurement& to = energy.figures;
  if (energy.integral) to.integral_j = energy.integral->energy_j;
  if (energy.counter) to.counter_j = energy.counter->energy_j;
  if (energy.counter && !energy.counter_is_coarser) {
    take(*energy.counter, EnergySource::counter, to);
  } else if (energy.integral) {
    take(*energy.integral, EnergySource::integral, to);
  }
  const double a = to.counter_j, b = to.integral_j;
  if (known(a) && known(b) && readings.device.scope == readings.device.power_scope)
    to.disagreement = std::abs(a - b) / std::max(a, b);
}

double largest_gap_s(const WindowReadings& readings) {
  const auto& points = readings.main_points();
  if (points.empty()) return kUnknown;
  const double begin_s = readings.window.begin_s, end_s = readings.window.end_s;
  double largest_s = kUnknown;
  const auto add = [&](double from_s, double to_s) {
    if (to_s <= begin_s || from_s >= end_s) return;
    largest_s = std::max(to_s - from_s, known(largest_s) ? largest_s : 0);
  };
  add(begin_s, std::max(begin_s, points.front().time_s));
  for (std::size_t i = 1; i < points.size(); ++i) add(points[i - 1].time_s, points[i].time_s);
  add(std::min(end_s, points.back().time_s), end_s);
  return largest_s;
}

std::span<const Reading> readings_inside(const WindowReadings& readings) {
  const auto before = [&](const Reading& reading) { return reading.time_s < readings.window.begin_s; };
  const auto within = [&](const Reading& reading) { return reading.time_s <= readings.window.end_s; };
  const auto first = std::ranges::find_if_not(readings.readings, before);
  return {first, std::find_if_not(first, readings.readings.end(), within)};
}

void describe(const WindowReadings& readings, Measurement& to) {
  const auto inside = [&](const Point& point) {
    return point.time_s >= readings.window.begin_s && point.time_s <= readings.window.end_s;
  };
  to.readings = static_cast<std::size_t>(std::ranges::count_if(readings.main_points(), inside));
  for (const Point& point : readings.power) {
    if (inside(point) && !(point.value <= to.peak_power_w)) to.peak_power_w = point.value;
  }
  to.counter_update_s = median_change_s(readings.curve.steps);
  to.power_update_s = median_change_s(readings.power);
  to.source_window = source_window(readings_inside(readings));
  to.provenance = provenance(readings.device, to.source_window, readings.window, readings.limits);
}

}  // namespace

MeasuredEnergy measure_energy(const WindowReadings& readings) {
  MeasuredEnergy result;
  Measurement& figures = result.figures;
  figures.window = readings.window;
  figures.provenance = provenance(readings.device, {}, readings.window, readings.limits);
  if (!readings.clock_step.empty()) return result;
  figures.duration_s = readings.duration_s();
  if (!(figures.duration_s > 0)) return result;
  figures.largest_gap_s = largest_gap_s(readings);
  find_energies(readings, result);
  choose_energy(readings, result);
  describe(readings, figures);
  return result;
}

}  // namespace energylens::meter
