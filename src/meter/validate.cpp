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
    const auto [begin_s, end_s] = readings_.window;
    if (to_s <= begin_s || from_s >= end_s || to_s - from_s <= readings_.limits.max_gap_s) return;
    invalid("no reading for " + quantity_text(to_s - from_s, "s") + ", from " +
            quantity_text(std::max(0.0, from_s - begin_s), "s") + " after the start" +
            problem_between(readings_.readings, from_s, to_s));
  }

  void check_gaps() {
    const auto& points = readings_.main_points();
    const auto [begin_s, end_s] = readings_.window;
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
    const auto [begin_s, end_s] = readings_.window;
    std::size_t failed = 0;
    std::string last_problem;
    for (const Reading& reading : readings_.readings) {
      const bool inside = (open_begin || reading.time_s >= begin_s) && (open_end || reading.time_s <= end_s);
      if (!inside || reading.problem.empty()) continue;
      ++failed;
      last_problem = reading.problem;
      if (reading.time_s < first_good_s) return invalid("not readable at the start: " + reading.problem);
      if (reading.time_s > last_good_s) {
        const double last_s = open_end ? readings_.readings.back().time_s : end_s;
        return invalid("lost " + quantity_text(last_s - last_good_s, "s") +
                       " before the end: " + reading.problem);
      }
    }
    if (failed > 0) warn(std::to_string(failed) + " readings failed: " + last_problem);
  }

  void check_source() {
    if (energy_.counter_between_readings)
      warn("the energy counter did not change on both sides of the window");
    if (energy_.counter_stood_still)
      warn("the energy counter did not change although power was drawn; integrated power instead");
    if (energy_.counter_is_coarser)
      warn("the energy counter updates too rarely for this window; integrated power instead");
    if (figures_.source != EnergySource::none || !valid()) return;
    invalid(readings_.counter.empty() ? "the readings do not cover the whole window"
                                      : "the energy counter did not change; measure for longer");
  }

  void check_uncertainty() {
    if (!valid() || !known(figures_.energy_j)) return;
    if (!too_uncertain({figures_.energy_j, figures_.uncertainty_j}, readings_.limits)) return;
    invalid((figures_.source == EnergySource::counter ? "counter" : "sampling") +
            std::string(" resolution leaves ") +
            rounded_text(100 * figures_.uncertainty_j / figures_.energy_j) + " % uncertainty over " +
            rounded_text(figures_.duration_s) + " s; measure for longer");
  }

  void check_disagreement() {
    if (!(figures_.disagreement > readings_.limits.max_disagreement)) return;
    const double a = figures_.counter_j, b = figures_.integral_j;
    std::string text = "counter (" + quantity_text(a, "J") + ") and integrated power (" +
                       quantity_text(b, "J") + ") differ by " + rounded_text(100 * figures_.disagreement) +
                       " %";
    if (figures_.disagreement > explained_disagreement(std::max(a, b))) {
      invalid(std::move(text));
    } else {
      warn(text + "; the window is too short to decide which is right");
    }
  }

  /// The largest difference that does not prove one of them wrong, as a share of `energy_j`. Power that is a
  /// mean (power of unknown kind may be one) lags by half of its period at each end of the work; the counter
  /// has its own uncertainty; and in short windows readings miss changes of power.
  double explained_disagreement(double energy_j) const {
    const double stated_s = readings_.device.power_average_s;
    const double average_s = known(stated_s) ? stated_s : 1;
    const auto [least, most] = std::ranges::minmax(readings_.power, {}, &Point::value);
    const double counter_j = energy_.counter ? energy_.counter->uncertainty_j : 0;
    const double allowed_j = average_s * (most.value - least.value) + counter_j;
    const bool is_short = figures_.duration_s < readings_.limits.cross_check_from_s;
    return readings_.limits.max_disagreement + allowed_j / energy_j +
           (is_short ? missed_between_readings(readings_) : 0);
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
