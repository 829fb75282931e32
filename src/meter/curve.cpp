// SPDX-License-Identifier: Apache-2.0
// A counter moves in steps, every 20 to 100 ms on GPUs, so a reading can be one update old. Readings at which
// it moved (edges) tell when: between the reading before and that one, or within its update period if that is
// known. A line through the edges is the energy at any moment in between; at an edge it is exact but for that
// blur. A fall is a wrap if the counter has an end and the energy that then flowed is possible, else a reset.
// Held by curve_test.cpp and window_test.cpp.
#include "meter/curve.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/rounded_text.hpp"
#include "energylens/stats/summary.hpp"

namespace energylens::meter {
namespace {

/// A burst that a counter may show at once on top of what its greatest power gives.
constexpr double kSlack_s = 1;

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
      if (*flow > 0) add_edge(shown.time_s, curve.steps.back().value + *flow);
      curve.steps.push_back({shown.time_s, curve.steps.back().value + *flow});
      if (*flow > 0) last_edge_s_ = shown.time_s;
    }
    if (curve.steps.size() == 1) last_edge_s_ = shown.time_s;
    last_ = shown;
    return true;
  }
  void start_again(const Point& shown) {
    curve = {};
    add(shown);
  }
  const Point& last() const { return last_; }

  CounterCurve curve;

 private:
  void add_edge(double time_s, double total_j) {
    curve.edges.push_back({time_s, total_j});
    curve.edge_blur_s.push_back(time_s - last_.time_s);
  }

  const Device& device_;
  const Limits& limits_;
  Point last_;
  double last_edge_s_ = 0;
};

/// The update period as edges tell it that were seen much more finely than they are apart; unknown without
/// such.
double seen_update_s(const CounterCurve& curve) {
  constexpr double kFine = 0.25;
  std::vector<double> periods;
  for (std::size_t i = 1; i < curve.edges.size(); ++i) {
    const double period_s = curve.edges[i].time_s - curve.edges[i - 1].time_s;
    if (std::max(curve.edge_blur_s[i - 1], curve.edge_blur_s[i]) <= kFine * period_s)
      periods.push_back(period_s);
  }
  return stats::median(periods);
}

/// Moves each edge from the reading that showed it to the middle of the time in which it can have been.
void place_edges(CounterCurve& curve, const Device& device) {
  const double update_s = known(device.counter_update_s) ? device.counter_update_s : seen_update_s(curve);
  for (std::size_t i = 0; i < curve.edges.size(); ++i) {
    double& blur_s = curve.edge_blur_s[i];
    if (update_s < blur_s) blur_s = update_s;
    blur_s /= 2;
    curve.edges[i].time_s -= blur_s;
  }
}

/// The line between the points around `time_s`; nothing outside.
std::optional<double> value_at(const std::vector<Point>& points, double time_s) {
  if (points.empty() || time_s < points.front().time_s || time_s > points.back().time_s) return std::nullopt;
  const auto after = std::ranges::lower_bound(points, time_s, {}, &Point::time_s);
  if (after == points.begin() || after->time_s == time_s) return after->value;
  const Point& a = *(after - 1);
  const double share = (time_s - a.time_s) / (after->time_s - a.time_s);
  return a.value + share * (after->value - a.value);
}

/// Joules by which the moments of the edges around `time_s` may be off.
double blur_j(const CounterCurve& curve, double time_s) {
  const auto& edges = curve.edges;
  const auto found = std::ranges::lower_bound(edges, time_s, {}, &Point::time_s);
  const auto after = std::clamp<std::ptrdiff_t>(found - edges.begin(), 1, std::ssize(edges) - 1);
  const auto i = static_cast<std::size_t>(after);
  const double span_s = edges[i].time_s - edges[i - 1].time_s;
  if (!(span_s > 0)) return 0;
  const double power_w = (edges[i].value - edges[i - 1].value) / span_s;
  return power_w * std::max(curve.edge_blur_s[i - 1], curve.edge_blur_s[i]);
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
  place_edges(unroller.curve, device);
  return std::move(unroller.curve);
}

std::optional<Energy> between_edges(const CounterCurve& curve, double begin_s, double end_s) {
  if (curve.edges.size() < 2) return std::nullopt;
  const std::optional<double> first = value_at(curve.edges, begin_s), last = value_at(curve.edges, end_s);
  if (!first || !last) return std::nullopt;
  return Energy{*last - *first, blur_j(curve, begin_s) + blur_j(curve, end_s)};
}

std::optional<Energy> between_readings(const CounterCurve& curve, double begin_s, double end_s) {
  const auto shown_at = [&](double time_s) {
    return std::ranges::upper_bound(curve.steps, time_s, {}, &Point::time_s);
  };
  const auto first = shown_at(begin_s), last = shown_at(end_s);
  if (first == curve.steps.begin() || last == first) return std::nullopt;
  const double energy_j = (last - 1)->value - (first - 1)->value;
  const double update_s = median_change_s(curve.steps);
  const double late_s = known(update_s) ? update_s : end_s - begin_s;
  return Energy{energy_j, energy_j * std::min(1.0, late_s / (end_s - begin_s))};
}

std::optional<Energy> integrate(const std::vector<Point>& power, double begin_s, double end_s,
                                double hold_s) {
  if (power.empty() || !(end_s > begin_s)) return std::nullopt;
  if (power.front().time_s - begin_s > hold_s || end_s - power.back().time_s > hold_s) return std::nullopt;
  std::vector<Point> inside;
  inside.push_back({begin_s, value_at(power, begin_s).value_or(power.front().value)});
  for (const Point& point : power) {
    if (point.time_s > begin_s && point.time_s < end_s) inside.push_back(point);
  }
  inside.push_back({end_s, value_at(power, end_s).value_or(power.back().value)});
  Energy energy;
  for (std::size_t i = 1; i < inside.size(); ++i) {
    const double step_s = inside[i].time_s - inside[i - 1].time_s;
    energy.energy_j += step_s * (inside[i].value + inside[i - 1].value) / 2;
    energy.uncertainty_j += std::pow(step_s * (inside[i].value - inside[i - 1].value) / 2, 2);
  }
  energy.uncertainty_j = std::sqrt(energy.uncertainty_j);
  return energy;
}

double median_change_s(const std::vector<Point>& points) {
  std::vector<Point> changes;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (points[i].value != points[i - 1].value) changes.push_back(points[i]);
  }
  return changes.size() < 2 ? kUnknown : stats::median(steps_of(changes));
}

double median_step_s(const std::vector<Point>& points) {
  return points.size() < 2 ? kUnknown : stats::median(steps_of(points));
}

}  // namespace energylens::meter
