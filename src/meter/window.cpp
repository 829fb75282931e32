// SPDX-License-Identifier: Apache-2.0
// In order: the clock must not have been set; good readings become a counter curve and a power curve; the
// window's open ends become the outermost edges of the counter, or readings; what is missing inside makes it
// invalid; the counter is believed before the integral, and both are compared. Limits and their reasons:
// docs/method/measuring.md. Held by window_test.cpp, with a test per disaster.
#include "energylens/meter/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "energylens/core/rounded_text.hpp"
#include "energylens/numerics/summary.hpp"
#include "meter/curve.hpp"
#include "meter/source_times.hpp"

namespace energylens::meter {
namespace {

/// A counter must have moved by this much, by its power, before standing still is called a fault.
constexpr double kStandstill_j = 20;
/// What readings that fall in step with the power may miss of it in a short window, as a share of the energy.
constexpr double kMissedInStep = 0.25;
/// Edges of the counter tell of one another over at most so much beside the window, s.
constexpr double kReach_s = 60;

/// The readings that concern the window: those inside and, on each side, what lies within the greatest gap.
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

/// `inner` and what is beside it, up to where the clock was set or went back.
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

/// Finds where the clock was set, if it was.
std::string clock_step(std::span<const Reading> readings, const Limits& limits) {
  for (std::size_t i = 1; i < readings.size(); ++i) {
    const double step_s = clock_step_s(readings[i - 1], readings[i], limits);
    if (step_s != 0) {
      return std::string("the clock was set ") + (step_s < 0 ? "back" : "forward") + " by " +
             quantity_text(std::abs(step_s), "s");
    }
  }
  return {};
}

bool good(const Reading& reading) {
  return reading.problem.empty() && (known(reading.energy_j) || reading.power_w > 0);
}

class Judge {
 public:
  Judge(const Track& track, const Window& window, const Limits& limits)
      : track_(track),
        device_(track.device),
        limits_(limits),
        readings_(readings_around(track, window, limits.max_gap_s)) {
    result_.window = window;
    open_begin_ = !known(window.begin_s);
    open_end_ = !known(window.end_s);
  }

  Measurement judge() {
    if (std::string step = clock_step(readings_, limits_); !step.empty()) {
      refuse(std::move(step));
      return result_;
    }
    collect_points();
    draw_curve();
    if (!curve_.broken.empty()) refuse(curve_.broken);
    resolve_window();
    if (!(result_.duration_s > 0)) {
      if (result_.valid()) refuse("no two readings to measure between");
      return result_;
    }
    judge_gaps();
    judge_energies();
    describe();
    return result_;
  }

 private:
  void refuse(std::string reason) { result_.reasons.push_back(std::move(reason)); }
  void warn(std::string warning) { result_.warnings.push_back(std::move(warning)); }
  bool counts() const { return !shown_.empty(); }
  const std::vector<Point>& main_points() const { return counts() ? shown_ : power_; }

  void collect_points() {
    std::size_t zeros = 0, negative = 0;
    for (const Reading& reading : readings_) {
      if (!good(reading)) {
        zeros += reading.problem.empty() && reading.power_w == 0;
        negative += reading.problem.empty() && reading.power_w < 0;
        continue;
      }
      if (known(reading.energy_j)) shown_.push_back({reading.time_s, reading.energy_j});
      if (reading.power_w > 0) power_.push_back({reading.time_s, reading.power_w});
    }
    if (negative > 0) warn(std::to_string(negative) + " readings of negative power were left out");
    if (zeros > 0)
      warn(std::to_string(zeros) + " readings of 0 W were left out: a powered device draws more");
  }

  /// Edges are placed by what the track holds far around the window, so that windows beside each other see
  /// the same ones; the energy is then taken from those near it.
  void draw_curve() {
    std::vector<Point> shown;
    for (const Reading& reading : with_neighbours(readings_, track_, limits_)) {
      if (good(reading) && known(reading.energy_j)) shown.push_back({reading.time_s, reading.energy_j});
    }
    curve_ = unroll(shown, device_, result_.window, limits_);
    if (!readings_.empty()) keep_between(curve_, readings_.front().time_s, readings_.back().time_s);
  }

  void resolve_window() {
    Window& window = result_.window;
    const auto& points = curve_.edges.size() >= 2 ? curve_.edges : main_points();
    if (!known(window.begin_s) && !points.empty()) window.begin_s = points.front().time_s;
    if (!known(window.end_s) && !points.empty()) window.end_s = points.back().time_s;
    result_.duration_s = window.end_s - window.begin_s;
  }

  /// What readings between two moments say of their trouble.
  std::string trouble_between(double from_s, double to_s) const {
    for (const Reading& reading : readings_) {
      if (reading.time_s >= from_s && reading.time_s <= to_s && !reading.problem.empty())
        return ": " + reading.problem;
    }
    return {};
  }

  void judge_gap(double from_s, double to_s) {
    const Window& window = result_.window;
    if (to_s <= window.begin_s || from_s >= window.end_s) return;
    const double gap_s = to_s - from_s;
    result_.largest_gap_s = std::max(gap_s, known(result_.largest_gap_s) ? result_.largest_gap_s : 0);
    if (gap_s <= limits_.max_gap_s) return;
    refuse("no reading for " + quantity_text(gap_s, "s") + ", " +
           quantity_text(std::max(0.0, from_s - window.begin_s), "s") + " after the beginning" +
           trouble_between(from_s, to_s));
  }

  void judge_gaps() {
    const auto& points = main_points();
    const Window& window = result_.window;
    if (points.empty()) {
      refuse("no reading" + trouble_between(window.begin_s, window.end_s));
      return;
    }
    judge_gap(window.begin_s, std::max(window.begin_s, points.front().time_s));
    for (std::size_t i = 1; i < points.size(); ++i) judge_gap(points[i - 1].time_s, points[i].time_s);
    judge_gap(std::min(window.end_s, points.back().time_s), window.end_s);
    judge_failures(points.front().time_s, points.back().time_s);
  }

  /// A device that failed now and then is mentioned; one that did not come back is lost. An open window
  /// reaches over failures at its ends: what is missing there is not cut off silently.
  void judge_failures(double first_good_s, double last_good_s) {
    const Window& window = result_.window;
    std::size_t failed = 0;
    std::string last_problem;
    for (const Reading& reading : readings_) {
      const bool inside =
          (open_begin_ || reading.time_s >= window.begin_s) && (open_end_ || reading.time_s <= window.end_s);
      if (!inside || reading.problem.empty()) continue;
      ++failed;
      last_problem = reading.problem;
      if (reading.time_s < first_good_s) return refuse("not read at the beginning: " + reading.problem);
      if (reading.time_s > last_good_s) {
        const double end_s = open_end_ ? readings_.back().time_s : window.end_s;
        return refuse("lost " + quantity_text(end_s - last_good_s, "s") +
                      " before the end: " + reading.problem);
      }
    }
    if (failed > 0) warn(std::to_string(failed) + " readings failed: " + last_problem);
  }

  std::optional<Energy> by_counter() {
    if (!counts() || !curve_.broken.empty()) return std::nullopt;
    const Window& window = result_.window;
    if (const auto energy = between_edges(curve_, window.begin_s, window.end_s)) return energy;
    const auto energy = between_readings(curve_, window.begin_s, window.end_s);
    if (energy && energy->energy_j > 0) warn("the counter was not seen to move on both sides of the window");
    return energy && energy->energy_j > 0 ? energy : std::nullopt;
  }

  bool too_uncertain(const Energy& energy) const {
    return energy.uncertainty_j > limits_.max_uncertainty * energy.energy_j;
  }

  void judge_energies() {
    const Window& window = result_.window;
    const double step_s = median_step_s(power_);
    const auto integral = integrate(power_, window.begin_s, window.end_s, known(step_s) ? 1.5 * step_s : 0);
    const auto counter = by_counter();
    if (integral) result_.integral_j = integral->energy_j;
    if (counter) result_.counter_j = counter->energy_j, counter_open_j_ = counter->uncertainty_j;
    const bool standstill =
        counts() && !counter && curve_.broken.empty() && integral && integral->energy_j > kStandstill_j;
    if (standstill) warn("the energy counter stood still: power was integrated instead");
    // A counter of few steps says less than readings of power that are of a moment, not a mean.
    const bool coarse = counter && too_uncertain(*counter);
    const bool finer = coarse && integral && device_.power_average_s == 0 && !too_uncertain(*integral);
    if (finer) warn("the counter moves too seldom for this window: power was integrated instead");
    if (counter && !finer) {
      take(*counter, EnergySource::counter);
    } else if (integral) {
      take(*integral, EnergySource::integral);
    } else if (result_.valid()) {
      refuse(counts() ? "the energy counter did not move: the window is too short for it"
                      : "readings do not reach from its beginning to its end");
    }
    if (result_.valid() && known(result_.energy_j)) judge_uncertainty();
    compare();
  }

  void judge_uncertainty() {
    if (!too_uncertain({result_.energy_j, result_.uncertainty_j})) return;
    refuse("the meter's steps leave " + rounded_text(100 * result_.uncertainty_j / result_.energy_j) +
           " % open in " + rounded_text(result_.duration_s) + " s: a longer window is needed");
  }

  void take(const Energy& energy, EnergySource source) {
    result_.energy_j = energy.energy_j;
    result_.uncertainty_j = energy.uncertainty_j;
    result_.source = source;
    result_.mean_power_w = energy.energy_j / result_.duration_s;
  }

  void compare() {
    const double a = result_.counter_j, b = result_.integral_j;
    if (!known(a) || !known(b) || device_.scope != device_.power_scope) return;
    result_.disagreement = std::abs(a - b) / std::max(a, b);
    if (!(result_.disagreement > limits_.max_disagreement)) return;
    std::string text = "counter (" + quantity_text(a, "J") + ") and integrated power (" +
                       quantity_text(b, "J") + ") differ by " + rounded_text(100 * result_.disagreement) +
                       " %";
    if (result_.disagreement > explained_disagreement(std::max(a, b))) {
      refuse(std::move(text));
    } else {
      warn(text + ", in a window too short to tell which is right");
    }
  }

  /// The greatest difference that need not mean that one of them is wrong, as a share of `energy_j`: power
  /// that is a mean (what is not stated may be one) lags by half of its time at each end of the work; a
  /// counter is late by what its steps leave open; and in short windows readings miss changes of power.
  double explained_disagreement(double energy_j) const {
    const double average_s = known(device_.power_average_s) ? device_.power_average_s : 1;
    const auto [least, most] = std::ranges::minmax(power_, {}, &Point::value);
    const double open_j = average_s * (most.value - least.value) + counter_open_j_;
    const bool is_short = result_.duration_s < limits_.cross_check_from_s;
    return limits_.max_disagreement + open_j / energy_j + (is_short ? missed_between_readings() : 0);
  }

  /// What few readings may miss of a power that changes between them, as a share: a quarter, for they may
  /// fall in step with it, and three standard errors of their mean.
  double missed_between_readings() const {
    std::vector<double> inside_w;
    for (const Point& point : power_) {
      if (point.time_s >= result_.window.begin_s && point.time_s <= result_.window.end_s)
        inside_w.push_back(point.value);
    }
    const double count = static_cast<double>(inside_w.size());
    const double error_w = count < 2 ? kUnknown : numerics::sd(inside_w) / std::sqrt(count);
    return known(error_w) ? kMissedInStep + 3 * error_w / numerics::mean(inside_w) : 1;
  }

  void describe() {
    const Window& window = result_.window;
    const auto inside = [&](const Point& point) {
      return point.time_s >= window.begin_s && point.time_s <= window.end_s;
    };
    result_.readings = static_cast<std::size_t>(std::ranges::count_if(main_points(), inside));
    for (const Point& point : power_) {
      if (inside(point) && !(point.value <= result_.peak_power_w)) result_.peak_power_w = point.value;
    }
    if (result_.peak_power_w > limits_.max_power_w)
      refuse("a reading of " + quantity_text(result_.peak_power_w, "W") + ", more than the " +
             quantity_text(limits_.max_power_w, "W") + " that a device can draw: is its power in mW?");
    result_.counter_update_s = median_change_s(curve_.steps);
    result_.power_update_s = median_change_s(power_);
    result_.source_window = source_window(readings_inside());
    result_.not_of_run = not_of_run(device_, result_.source_window, window, limits_);
  }

  std::span<const Reading> readings_inside() const {
    const auto before = [&](const Reading& reading) { return reading.time_s < result_.window.begin_s; };
    const auto within = [&](const Reading& reading) { return reading.time_s <= result_.window.end_s; };
    const auto first = std::ranges::find_if_not(readings_, before);
    return {first, std::find_if_not(first, readings_.end(), within)};
  }

  const Track& track_;
  const Device& device_;
  const Limits& limits_;
  std::span<const Reading> readings_;
  std::vector<Point> shown_, power_;
  CounterCurve curve_;
  Measurement result_;
  double counter_open_j_ = 0;  ///< what the steps of the counter leave open
  bool open_begin_ = false, open_end_ = false;
};

}  // namespace

std::string_view energy_source_text(EnergySource source) {
  constexpr std::array<std::string_view, 3> kTexts = {"none", "counter", "integral"};
  return kTexts[static_cast<std::size_t>(source)];
}

Measurement measure(const Track& track, const Window& window, const Limits& limits) {
  return Judge(track, window, limits).judge();
}

}  // namespace energylens::meter
