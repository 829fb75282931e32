// SPDX-License-Identifier: Apache-2.0
// Each check adds what it finds to a list. An invalid window needs one reason, so checks of the energy are
// left out where the readings themselves are unusable. Limits and their reasons: docs/method/measuring.md. Held by
// window_test.cpp, with a test per disaster.
#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "meter/window_readings.hpp"
#include "numerics/summary.hpp"

namespace energylens::meter {
namespace {

/// The share of the energy that readings in step with the power may miss in a short window.
constexpr double kMissedInStep = 0.25;

/// The problem that readings between two moments state, after a colon.
std::string problem_between(std::span<const Reading> readings, double from_s, double to_s) {
  for (const Reading& reading : readings) {
    if (reading.time_s >= from_s && reading.time_s <= to_s && !reading.problem.empty())
      return ": " + reading.problem;
  }
  return {};
}

/// The share that few readings may miss of a power that changes between them: a quarter, since they may be in
/// step with it, and three standard errors of their mean.
double missed_between_readings(const WindowReadings& readings) {
  std::vector<double> inside_w;
  for (const Point& point : readings.power) {
    if (point.time_s >= readings.window.begin_s && point.time_s <= readings.window.end_s)
      inside_w.push_back(point.value);
  }
  const double count = static_cast<double>(inside_w.size());
  const double error_w = count < 2 ? kUnknown : numerics::sd(inside_w) / std::sqrt(count);
  return known(error_w) ? kMissedInStep + 3 * error_w / numerics::mean(inside_w) : 1;
}

/// The longest time between two readings that is not a gap.
double usual_silence_s(const WindowReadings& readings) {
  constexpr double kUsual = 1.5;
  const double step_s = median_step_s(readings.main_points());
  return known(step_s) ? kUsual * step_s : 0;
}

/// Which end of the window has no readings; requires that one has none.
std::string silence_text(double late_s, double early_s) {
  return late_s > early_s
             ? "the readings begin " + quantity_text(late_s, "s") + " after the start of the window"
             : "the readings end " + quantity_text(early_s, "s") + " before the end of the window";
}

/// A counter that moves all the time and then stands still did not count: a powered device draws more than that. Empty
/// if it did not stand still within the window.
std::string standstill_text(const WindowReadings& readings) {
  constexpr double kLongest_s = 1, kUpdates = 20, kFlows = 2;
  const auto& edges = readings.curve.edges;
  std::vector<double> steps_s, flows_j;
  for (std::size_t i = 1; i < edges.size(); ++i) {
    steps_s.push_back(edges[i].time_s - edges[i - 1].time_s);
    flows_j.push_back(edges[i].value - edges[i - 1].value);
  }
  if (static_cast<double>(steps_s.size()) < kUpdates) return {};
  const double usual_s = numerics::median(steps_s), usual_j = numerics::median(flows_j);
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const bool outside =
        edges[i].time_s <= readings.window.begin_s || edges[i - 1].time_s >= readings.window.end_s;
    const bool is_long = steps_s[i - 1] >= std::max(kLongest_s, kUpdates * usual_s);
    if (outside || !is_long || flows_j[i - 1] > kFlows * usual_j) continue;
    return "the energy counter stood still for " + quantity_text(steps_s[i - 1], "s") +
           ", although it changes every " + quantity_text(usual_s, "s");
  }
  return {};
}

/// The same for the source of an energy: a counter that keeps its value is read, but says nothing.
std::string silence_text(const Energy& used, bool counted) {
  if (!counted) return silence_text(used.silent_before_s, used.silent_after_s);
  return "the energy counter last changed " + quantity_text(used.silent_after_s, "s") +
         " before the end of the window";
}

/// Why an energy is too uncertain: by what most of its uncertainty comes from.
std::string uncertainty_text(const WindowReadings& readings, const Energy& used, bool counted) {
  const std::string leaves = " leaves " + rounded_text(100 * used.uncertainty_j / used.energy_j) +
                             " % uncertainty over " + rounded_text(readings.duration_s()) + " s";
  if (used.silence_j > used.uncertainty_j / 2) return silence_text(used, counted) + ", which" + leaves;
  if (used.average_j > used.uncertainty_j / 2)
    return std::string("power that ") + (known(readings.device.power_average_s) ? "is" : "may be") +
           " a mean over " + quantity_text(power_average_s(readings.device), "s") + leaves +
           "; measure for longer, or read instantaneous power";
  return (counted ? "counter" : "sampling") + std::string(" resolution") + leaves + "; measure for longer";
}

/// The largest difference of counter and integral that does not prove one of them wrong, as a share of the greater. Power
/// that is a mean (power of unknown kind may be one) lags by half of its period at each end of the work; the counter has its
/// own uncertainty; and in short windows readings miss changes of power.
double explained_disagreement(const WindowReadings& readings, const MeasuredEnergy& measured) {
  const double energy_j = std::max(measured.figures.counter_j, measured.figures.integral_j);
  const auto [least, most] = std::ranges::minmax(readings.power, {}, &Point::value);
  const double counter_j = measured.counter ? measured.counter->uncertainty_j : 0;
  const double allowed_j = power_average_s(readings.device) * (most.value - least.value) + counter_j;
  const bool is_short = readings.duration_s() < readings.limits.cross_check_from_s;
  return readings.limits.max_disagreement + allowed_j / energy_j +
         (is_short ? missed_between_readings(readings) : 0);
}

/// The checks of one window, in the order in which they are made.
class Checks {
 public:
  Checks(const WindowReadings& readings, const MeasuredEnergy& measured)
      : readings_(readings), energy_(measured), figures_(measured.figures) {}

  std::vector<Finding> all() {
    if (!readings_.clock_step.empty()) {
      invalid(readings_.clock_step);
      return std::move(findings_);
    }
    check_ignored();
    if (!readings_.curve.broken.empty()) invalid(readings_.curve.broken);
    if (figures_.duration_s > 0) {
      check_gaps();
      check_standstill();
      check_source();
      check_uncertainty();
      check_disagreement();
      check_peak();
    } else if (valid()) {
      invalid("fewer than two readings in the window");
    }
    return std::move(findings_);
  }

 private:
  void invalid(std::string text) { findings_.push_back({true, std::move(text)}); }
  void warn(std::string text) { findings_.push_back({false, std::move(text)}); }
  bool valid() const { return std::ranges::none_of(findings_, &Finding::invalidates); }

  void check_ignored() {
    if (readings_.negative > 0)
      warn("ignored " + std::to_string(readings_.negative) + " readings of negative power");
    if (readings_.zeros > 0)
      warn("ignored " + std::to_string(readings_.zeros) + " readings of 0 W: a powered device draws more");
  }

  void check_gap(double from_s, double to_s) {
    const double begin_s = readings_.window.begin_s, end_s = readings_.window.end_s;
    if (to_s <= begin_s || from_s >= end_s || to_s - from_s <= readings_.limits.max_gap_s) return;
    invalid("no reading for " + quantity_text(to_s - from_s, "s") + ", from " +
            quantity_text(std::max(0.0, from_s - begin_s), "s") + " after the start" +
            problem_between(readings_.readings, from_s, to_s));
  }

  void check_gaps() {
    const auto& points = readings_.main_points();
    const double begin_s = readings_.window.begin_s, end_s = readings_.window.end_s;
    if (points.empty())
      return invalid("no reading in the window" + problem_between(readings_.readings, begin_s, end_s));
    check_gap(begin_s, std::max(begin_s, points.front().time_s));
    for (std::size_t i = 1; i < points.size(); ++i) check_gap(points[i - 1].time_s, points[i].time_s);
    check_gap(std::min(end_s, points.back().time_s), end_s);
    check_failures(points.front().time_s, points.back().time_s);
  }

  /// A device that failed now and then is mentioned; one that did not come back is lost. An open window
  /// includes failures at its ends, so that what is missing there is not cut off silently.
  void check_failures(double first_good_s, double last_good_s) {
    const bool open_begin = !known(readings_.asked.begin_s), open_end = !known(readings_.asked.end_s);
    const double begin_s = readings_.window.begin_s, end_s = readings_.window.end_s;
    std::size_t failed = 0;
    std::string last_problem;
    for (const Reading& reading : readings_.readings) {
      if (reading.problem.empty()) continue;
      const bool inside = (open_begin || reading.time_s >= begin_s) && (open_end || reading.time_s <= end_s);
      failed += inside;
      if (inside) last_problem = reading.problem;
      // Just outside of the window a failure counts if the device was silent up to it.
      if (reading.time_s < first_good_s && (inside || first_good_s - begin_s > usual_silence_s(readings_)))
        return invalid("not readable at the start: " + reading.problem);
      if (reading.time_s > last_good_s && (inside || end_s - last_good_s > usual_silence_s(readings_))) {
        const double last_s = open_end ? readings_.readings.back().time_s : end_s;
        return invalid("lost " + quantity_text(last_s - last_good_s, "s") +
                       " before the end: " + reading.problem);
      }
    }
    if (failed > 0) warn(std::to_string(failed) + " readings failed: " + last_problem);
  }

  void check_standstill() {
    if (figures_.source != EnergySource::counter) return;
    if (std::string text = standstill_text(readings_); !text.empty()) invalid(std::move(text));
  }

  void check_source() {
    if (energy_.counter_between_readings)
      warn("the energy counter did not change on both sides of the window");
    if (energy_.counter_stood_still)
      warn("the energy counter did not change although power was drawn; integrated power instead");
    if (energy_.counter_is_coarser)
      warn(energy_.counter->silence_j > 0
               ? "the energy counter stopped " + quantity_text(energy_.counter->silent_after_s, "s") +
                     " before the end of the window; integrated power instead"
               : "the energy counter updates too rarely for this window; integrated power instead");
    const bool unread = readings_.curve.broken.empty() && !readings_.counter.empty() && !energy_.counter &&
                        !energy_.counter_stood_still;
    if (unread && figures_.source == EnergySource::integral)
      warn("the energy counter was not read up to the ends of the window; integrated power instead");
    if (figures_.source != EnergySource::none || !valid()) return;
    const auto& points = readings_.main_points();
    const double late_s = points.front().time_s - readings_.window.begin_s;
    const double early_s = readings_.window.end_s - points.back().time_s;
    if (late_s > 0 || early_s > usual_silence_s(readings_)) return invalid(silence_text(late_s, early_s));
    invalid(readings_.counter.empty() ? "the readings do not cover the whole window"
                                      : "the energy counter did not change; measure for longer");
  }

  void check_uncertainty() {
    constexpr double kWorthSaying = 0.01;
    if (!valid() || !known(figures_.energy_j)) return;
    const bool counted = figures_.source == EnergySource::counter;
    const Energy& used = counted ? *energy_.counter : *energy_.integral;
    if (too_uncertain(used, readings_.limits)) {
      invalid(uncertainty_text(readings_, used, counted));
    } else if (used.silence_j > kWorthSaying * used.energy_j) {
      warn(silence_text(used, counted) + "; the energy of that time is estimated");
    }
  }

  void check_disagreement() {
    if (!(figures_.disagreement > readings_.limits.max_disagreement)) return;
    const double a = figures_.counter_j, b = figures_.integral_j;
    std::string text = "counter (" + quantity_text(a, "J") + ") and integrated power (" +
                       quantity_text(b, "J") + ") differ by " + rounded_text(100 * figures_.disagreement) +
                       " %";
    if (figures_.disagreement > explained_disagreement(readings_, energy_)) {
      invalid(std::move(text));
    } else {
      warn(text + "; the window is too short to decide which is right");
    }
  }

  void check_peak() {
    if (!(figures_.peak_power_w > readings_.limits.max_power_w)) return;
    invalid("a reading of " + quantity_text(figures_.peak_power_w, "W") + " exceeds " +
            quantity_text(readings_.limits.max_power_w, "W") +
            ", the most that a device draws; is its power in mW?");
  }

  const WindowReadings& readings_;
  const MeasuredEnergy& energy_;
  const Measurement& figures_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> validate(const WindowReadings& readings, const MeasuredEnergy& measured) {
  return Checks(readings, measured).all();
}

}  // namespace energylens::meter
