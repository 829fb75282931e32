// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/plot.hpp"

#include <algorithm>
#include <map>

#include "core/count_text.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

using predictor::Estimate;

/// One latency that a panel has along its x axis.
struct Latency {
  std::string label;
  double scale;  ///< of the axis per second
  double limit_s;
  Estimate (*of)(const choose::Configuration&);
};

/// The mean latency of a request, with the relative interval of the time that the model predicts.
Estimate request_time(const choose::Configuration& one) {
  const Estimate& time = one.prediction.total_time_s;
  const double factor = one.request_time_s / time.value;
  return {one.request_time_s, time.lo * factor, time.hi * factor};
}

std::vector<Latency> latencies(const choose::Question& question) {
  std::vector<Latency> all;
  if (known(question.limits.ttft_s)) {
    all.push_back({"mean time to first token (ms)", 1e3, question.limits.ttft_s,
                   [](const choose::Configuration& one) { return one.prediction.ttft_s; }});
  }
  if (known(question.limits.tpot_s)) {
    all.push_back({"mean time per output token (ms)", 1e3, question.limits.tpot_s,
                   [](const choose::Configuration& one) { return one.prediction.tpot_s; }});
  }
  const bool job = question.arrival == choose::Arrival::batch;
  if (all.empty())
    all.push_back(
        {job ? "duration of the job (s)" : "mean latency of a request (s)", 1, kUnknown, request_time});
  return all;
}

plot::Point point_of(const choose::Configuration& one, const Latency& latency, double osl) {
  const Estimate time = latency.of(one);
  const Estimate& energy = one.prediction.energy_per_out_token_j;
  return {time.value * latency.scale,
          one.energy_per_request_j / osl,
          time.lo * latency.scale,
          time.hi * latency.scale,
          energy.lo,
          energy.hi,
          table::layout_text(one.layout)};
}

bool drawable(const plot::Point& point) {
  return known(point.x) && known(point.y);
}

/// A ring around one configuration.
plot::Series ring(const std::string& name, const choose::Configuration& one, const Latency& latency,
                  double osl, int colour) {
  plot::Point point = point_of(one, latency, osl);
  point = {.x = point.x, .y = point.y};
  return {.name = name,
          .points = drawable(point) ? std::vector{point} : std::vector<plot::Point>{},
          .colour = colour,
          .ring = true};
}

/// Many labels would hide each other: then only points that no other accepted one beats in both keep theirs.
void thin_labels(std::map<int, plot::Series>& accepted, plot::Series& rejected) {
  constexpr std::size_t kMostLabels = 24;
  std::vector<plot::Point*> points;
  for (auto& [gpus, series] : accepted) {
    for (plot::Point& point : series.points) points.push_back(&point);
  }
  if (points.size() + rejected.points.size() <= kMostLabels) return;
  for (plot::Point& point : rejected.points) point.label.clear();
  for (plot::Point* const one : points) {
    const auto beats = [&](const plot::Point* other) {
      return other != one && other->x <= one->x && other->y <= one->y;
    };
    if (std::ranges::any_of(points, beats)) one->label.clear();
  }
}

plot::Panel panel_of(const choose::Choice& choice, const choose::Question& question, const Latency& latency) {
  const double osl = question.request.osl;
  std::map<int, plot::Series> accepted;
  plot::Series rejected{.name = "exceeds a limit", .colour = -1, .hollow = true};
  std::vector<double> times, energies;
  for (std::size_t i = 0; i < choice.configurations.size(); ++i) {
    const choose::Configuration& one = choice.configurations[i];
    const plot::Point point = point_of(one, latency, osl);
    if (!drawable(point)) continue;
    times.push_back(point.x);
    energies.push_back(point.y);
    if (i >= choice.accepted) {
      rejected.points.push_back(point);
    } else {
      accepted[one.layout.gpus()].points.push_back(point);
    }
  }
  thin_labels(accepted, rejected);
  plot::Panel panel;
  panel.x = {.label = latency.label, .log = wants_log(times)};
  panel.y = {.label = "energy per output token (J)", .log = wants_log(energies), .from_zero = true};
  constexpr int kColours[] = {0, 2, 3, 4, 5, 6, 7};
  std::size_t next = 0;
  for (auto& [gpus, series] : accepted) {
    series.name = plural(static_cast<std::size_t>(gpus), "GPU");
    series.colour = kColours[next++ % std::size(kColours)];
    panel.series.push_back(std::move(series));
  }
  if (!rejected.points.empty()) panel.series.push_back(std::move(rejected));
  if (choice.energy_optimal)
    panel.series.push_back(
        ring("chosen: least energy", choice.configurations[*choice.energy_optimal], latency, osl, 1));
  if (choice.latency_optimal && choice.latency_optimal != choice.energy_optimal)
    panel.series.push_back(
        ring("least latency", choice.configurations[*choice.latency_optimal], latency, osl, 8 - 1));
  if (known(latency.limit_s))
    panel.lines.push_back({true, latency.limit_s * latency.scale,
                           "limit " + rounded_text(latency.limit_s * latency.scale) + " ms"});
  return panel;
}

std::string workload_text(const choose::Question& question) {
  const auto amount = static_cast<std::size_t>(question.amount);
  std::string text = question.arrival == choose::Arrival::batch ? "job of " + plural(amount, "request")
                     : question.arrival == choose::Arrival::concurrency
                         ? plural(amount, "client")
                         : rounded_text(question.amount) + " requests/s";
  if (known(question.request.isl)) text += ", " + count_text(question.request.isl) + " input tokens";
  text += ", " + count_text(question.request.osl) + " output tokens, up to " +
          plural(static_cast<std::size_t>(question.total_gpus), "GPU");
  if (known(question.limits.power_w)) text += ", power limit " + rounded_text(question.limits.power_w) + " W";
  return text + "; bars: 90 % intervals";
}

}  // namespace

plot::Chart choice_chart(const choose::Choice& choice, const choose::Question& question,
                         const table::GroupIdentity& group) {
  plot::Chart chart{.title = plot_title({&group, 1}), .subtitle = workload_text(question)};
  for (const Latency& latency : latencies(question))
    chart.panels.push_back(panel_of(choice, question, latency));
  chart.panel_width = chart.panels.size() == 1 ? 700 : 500;
  chart.panel_height = 430;
  return chart;
}

}  // namespace energylens::cli
