// SPDX-License-Identifier: Apache-2.0
// A counter moves in steps, every 20 to 100 ms on GPUs, so a reading can be one update old. Where a reading
// differs from the one before (an edge), the counter moved between the two; edges.cpp chooses the moment.
// Lines from edge to edge, bent where power stepped, give the energy at any moment in between. A decrease is a
// wrap if the counter has an end and the energy that then flowed is possible, else a reset.
// Held by curve_test.cpp, edges_test.cpp and window_test.cpp.
#include "meter/curve.hpp"

#include <algorithm>
#include <cmath>

#include "core/rounded_text.hpp"
#include "meter/edges.hpp"
#include "numerics/summary.hpp"

namespace energylens::meter {
namespace {

/// A burst that a counter may show at once on top of what its greatest power gives.
constexpr double kSlack_s = 1;
/// Readings of power more than this many times the usual distance apart have a gap between them.
constexpr double kApartInTime = 2.5;

std::string jump_text(double from_j, double to_j) {
  return from_j > to_j ? "the energy counter was reset (from " + quantity_text(from_j, "J", 6) + " to " +
                             quantity_text(to_j, "J", 6) + ")"
                       : "the energy counter jumped from " + quantity_text(from_j, "J", 6) + " to " +
                             quantity_text(to_j, "J", 6);
}

/// What flowed between two values of the counter; nothing if that is not possible.
std::optional<double> flow_j(double from_j, double to_j, double since_edge_s, const Device& device,
                             const Limits& limits) {
  double flow = to_j - from_j;
  if (flow < 0 && known(device.counter_wrap_j)) flow += device.counter_wrap_j;
  if (flow < 0 || flow > limits.max_power_w * (since_edge_s + kSlack_s)) return std::nullopt;
  return flow;
}

class Unroller {
 public:
  Unroller(const Device& device, const Limits& limits) : device_(device), limits_(limits) {}

  /// False if the counter cannot have come from the last point to this one.
  bool add(const Point& shown) {
    if (curve.steps.empty()) {
      curve.steps.push_back({shown.time_s, 0});
    } else {
      const std::optional<double> flow =
          flow_j(last_.value, shown.value, shown.time_s - last_edge_s_, device_, limits_);
      if (!flow) return false;
      const double total_j = curve.steps.back().value + *flow;
      if (*flow > 0) {
        edges_.push_back({.value_j = total_j, .after_s = last_.time_s, .until_s = shown.time_s});
        last_edge_s_ = shown.time_s;
      }
      if (!edges_.empty()) edges_.back().still_s = shown.time_s;
      curve.steps.push_back({shown.time_s, total_j});
    }
    if (curve.steps.size() == 1) last_edge_s_ = shown.time_s;
    last_ = shown;
    return true;
  }
  void start_again(const Point& shown) {
    curve = {};
    edges_.clear();
    add(shown);
  }
  const Point& last() const { return last_; }
  void finish() {
    place_edges(edges_, device_.counter_update_s);
    for (const Edge& edge : edges_) {
      curve.edges.push_back({edge.time_s, edge.value_j});
      curve.edge_blur_s.push_back(edge.blur_s());
    }
  }

  CounterCurve curve;

 private:
  const Device& device_;
  const Limits& limits_;
  std::vector<Edge> edges_;
  Point last_;
  double last_edge_s_ = 0;
};

/// The line between the points around `time_s`; nothing outside.
std::optional<double> value_at(const std::vector<Point>& points, double time_s) {
  if (points.empty() || time_s < points.front().time_s || time_s > points.back().time_s) return std::nullopt;
  const auto after = std::ranges::lower_bound(points, time_s, {}, &Point::time_s);
  if (after == points.begin() || after->time_s == time_s) return after->value;
  const Point& a = *(after - 1);
  const double share = (time_s - a.time_s) / (after->time_s - a.time_s);
  return a.value + share * (after->value - a.value);
}

/// The span between two adjacent edges, and the power in it and in the spans before and after it; at
/// the ends of the curve those are its own.
struct Stretch {
  Point from, to;
  double blur_s = 0;
  double before_w = 0, mean_w = 0, after_w = 0;
  double range_w = 0;  ///< between the least and the greatest power around it

  double span_s() const { return to.time_s - from.time_s; }
};

/// Mean power up to edge `i`; unknown if there is none before, or no time in between.
double power_up_to(const std::vector<Point>& edges, std::size_t i) {
  if (i == 0 || i >= edges.size()) return kUnknown;
  const double span_s = edges[i].time_s - edges[i - 1].time_s;
  return span_s > 0 ? (edges[i].value - edges[i - 1].value) / span_s : kUnknown;
}

/// Requires: two edges, and `time_s` between the first and the last.
Stretch stretch_at(const CounterCurve& curve, double time_s) {
  constexpr std::size_t kAround = 3;
  const auto& edges = curve.edges;
  const auto found = std::ranges::lower_bound(edges, time_s, {}, &Point::time_s);
  const auto after = std::clamp<std::ptrdiff_t>(found - edges.begin(), 1, std::ssize(edges) - 1);
  const auto i = static_cast<std::size_t>(after);
  Stretch stretch{edges[i - 1], edges[i], std::max(curve.edge_blur_s[i - 1], curve.edge_blur_s[i])};
  const auto power_w = [&](std::size_t at) {
    const double found_w = power_up_to(edges, at);
    return known(found_w) ? found_w : stretch.mean_w;
  };
  stretch.mean_w = power_w(i);
  stretch.before_w = power_w(i - 1);
  stretch.after_w = power_w(i + 1);
  double least_w = stretch.mean_w, most_w = stretch.mean_w;
  for (std::size_t at = i > kAround ? i - kAround : 1; at <= i + kAround; ++at) {
    least_w = std::min(least_w, power_w(at));
    most_w = std::max(most_w, power_w(at));
  }
  stretch.range_w = most_w - least_w;
  return stretch;
}

/// The line between the edges; or, where the power in the stretch lies between that before and that after, so
/// that the lines of both meet inside, those: power stepped there.
double energy_at(const Stretch& stretch, double time_s) {
  const auto& [from, to, blur_s, before_w, mean_w, after_w, range_w] = stretch;
  const double since_s = time_s - from.time_s, until_s = to.time_s - time_s;
  const bool steps = (before_w - mean_w) * (mean_w - after_w) > 0;
  if (!steps) return since_s < until_s ? from.value + mean_w * since_s : to.value - mean_w * until_s;
  const double step_s = stretch.span_s() * (mean_w - after_w) / (before_w - after_w);
  return since_s < step_s ? from.value + before_w * since_s : to.value - after_w * until_s;
}

/// Joules by which the energy at a moment may be off: by the moments of the edges, and by a step of power
/// that came at another moment in between.
double uncertainty_j(const Stretch& stretch, double time_s) {
  const double span_s = stretch.span_s();
  if (!(span_s > 0)) return 0;
  const double since_s = time_s - stretch.from.time_s, until_s = stretch.to.time_s - time_s;
  return stretch.mean_w * stretch.blur_s + stretch.range_w * since_s * until_s / span_s;
}

/// How long ago a counter moved at `end_s`, if it should have moved again since; 0 if not, and if it moves after that
/// moment.
double stopped_s(const CounterCurve& curve, double end_s, double update_s) {
  double moved_s = kUnknown;
  for (std::size_t i = 1; i < curve.steps.size(); ++i) {
    if (curve.steps[i].value == curve.steps[i - 1].value) continue;
    if (curve.steps[i].time_s > end_s) return 0;
    moved_s = curve.steps[i].time_s;
  }
  constexpr double kOverdue = 1.5;  // updates vary
  return end_s - moved_s > kOverdue * update_s ? end_s - moved_s : 0;
}

/// The range of power from the last point that is `reach_s` before the moment to the first one as long after it.
double range_around(const std::vector<Point>& power, double time_s, double reach_s) {
  auto first = std::ranges::upper_bound(power, time_s - reach_s, {}, &Point::time_s);
  auto last = std::ranges::lower_bound(power, time_s + reach_s, {}, &Point::time_s);
  if (first != power.begin()) --first;
  if (last != power.end()) ++last;
  if (first == last) return 0;
  const auto [least, most] =
      std::minmax_element(first, last, [](const Point& a, const Point& b) { return a.value < b.value; });
  return most->value - least->value;
}

std::vector<double> steps_of(const std::vector<Point>& points) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < points.size(); ++i) steps.push_back(points[i].time_s - points[i - 1].time_s);
  return steps;
}

}  // namespace

CounterCurve unroll(const std::vector<Point>& shown, const Device& device, const Window& window,
                    const Limits& limits) {
  Unroller unroller(device, limits);
  for (const Point& point : shown) {
    const Point before = unroller.last();
    if (unroller.add(point)) continue;
    if (known(window.begin_s) && point.time_s <= window.begin_s) {
      unroller.start_again(point);
    } else if (known(window.end_s) && before.time_s >= window.end_s) {
      break;
    } else {
      unroller.curve.broken = jump_text(before.value, point.value);
      break;
    }
  }
  unroller.finish();
  return std::move(unroller.curve);
}

void keep_between(CounterCurve& curve, double from_s, double to_s) {
  const auto outside = [&](const Point& point) { return point.time_s < from_s || point.time_s > to_s; };
  std::vector<double> blur_s;
  for (std::size_t i = 0; i < curve.edges.size(); ++i) {
    if (!outside(curve.edges[i])) blur_s.push_back(curve.edge_blur_s[i]);
  }
  curve.edge_blur_s = std::move(blur_s);
  std::erase_if(curve.edges, outside);
  std::erase_if(curve.steps, outside);
}

std::optional<Energy> between_edges(const CounterCurve& curve, double begin_s, double end_s) {
  if (curve.edges.size() < 2) return std::nullopt;
  if (begin_s < curve.edges.front().time_s || end_s > curve.edges.back().time_s) return std::nullopt;
  const Stretch first = stretch_at(curve, begin_s), last = stretch_at(curve, end_s);
  return Energy{energy_at(last, end_s) - energy_at(first, begin_s),
                uncertainty_j(first, begin_s) + uncertainty_j(last, end_s)};
}

std::optional<Energy> between_readings(const CounterCurve& curve, double begin_s, double end_s) {
  const auto shown_at = [&](double time_s) {
    return std::ranges::upper_bound(curve.steps, time_s, {}, &Point::time_s);
  };
  const auto first = shown_at(begin_s), last = shown_at(end_s);
  if (first == curve.steps.begin() || last == first) return std::nullopt;
  const double shown_j = (last - 1)->value - (first - 1)->value;
  const double update_s = median_change_s(curve.steps);
  const double late_s = known(update_s) ? update_s : end_s - begin_s;
  Energy energy{shown_j, shown_j * std::min(1.0, late_s / (end_s - begin_s))};
  energy.silent_after_s = stopped_s(curve, end_s, late_s);
  const double moved_s = end_s - begin_s - energy.silent_after_s;
  if (energy.silent_after_s > 0 && moved_s > 0) {
    energy.silence_j = shown_j / moved_s * energy.silent_after_s;
    energy.energy_j += energy.silence_j;
    energy.uncertainty_j += energy.silence_j;
  }
  return energy;
}

std::optional<Energy> integrate(const std::vector<Point>& power, double begin_s, double end_s,
                                double hold_s) {
  if (power.empty() || !(end_s > begin_s)) return std::nullopt;
  Energy energy;
  energy.silent_before_s = std::max(0.0, power.front().time_s - begin_s);
  energy.silent_after_s = std::max(0.0, end_s - power.back().time_s);
  if (std::max(energy.silent_before_s, energy.silent_after_s) > hold_s) return std::nullopt;
  std::vector<Point> inside;
  inside.push_back({begin_s, value_at(power, begin_s).value_or(power.front().value)});
  for (const Point& point : power) {
    if (point.time_s > begin_s && point.time_s < end_s) inside.push_back(point);
  }
  inside.push_back({end_s, value_at(power, end_s).value_or(power.back().value)});
  const auto [least, most] = std::ranges::minmax(inside, {}, &Point::value);
  const double usual_s = median_step_s(power);
  double squares = 0, gaps_j = 0;
  for (std::size_t i = 1; i < inside.size(); ++i) {
    const double step_s = inside[i].time_s - inside[i - 1].time_s;
    energy.energy_j += step_s * (inside[i].value + inside[i - 1].value) / 2;
    squares += std::pow(step_s * (inside[i].value - inside[i - 1].value) / 2, 2);
    if (step_s > kApartInTime * usual_s) gaps_j += (step_s - usual_s) * (most.value - least.value) / 2;
  }
  energy.silence_j = (energy.silent_before_s + energy.silent_after_s) * most.value;
  energy.uncertainty_j = std::sqrt(squares) + gaps_j + energy.silence_j;
  return energy;
}

double average_uncertainty_j(const std::vector<Point>& power, double begin_s, double end_s,
                             double average_s) {
  if (!(average_s > 0) || power.empty()) return 0;
  const double after = power.back().time_s >= end_s + average_s / 2 ? average_s / 2 : average_s;
  return average_s / 2 * range_around(power, begin_s, average_s) +
         after * range_around(power, end_s, average_s);
}

double median_change_s(const std::vector<Point>& points) {
  std::vector<Point> changes;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].value != points[i - 1].value) changes.push_back(points[i]);
  }
  return changes.size() < 2 ? kUnknown : numerics::median(steps_of(changes));
}

double median_step_s(const std::vector<Point>& points) {
  return points.size() < 2 ? kUnknown : numerics::median(steps_of(points));
}

}  // namespace energylens::meter
