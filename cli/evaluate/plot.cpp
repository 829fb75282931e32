// SPDX-License-Identifier: Apache-2.0
#include "cli/evaluate/plot.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::cli {
namespace {

using eval::Metric;

struct Shown {
  Metric metric;
  const char* label;
};
constexpr Shown kRegret{Metric::regret_mean, "mean regret of the chosen layout (%)"};
constexpr Shown kTop1{Metric::top1, "scenarios with the best layout chosen (%)"};
constexpr Shown kError{Metric::mape, "mean absolute error of the energy (%)"};

/// Over all groups; of a single group its own.
const eval::ScoresByName& scores_of(const eval::Report& report) {
  return report.overall.empty() && report.groups.size() == 1 ? report.groups.front().predictors
                                                             : report.overall;
}

bool any_known(const eval::Report& report, Metric metric) {
  const auto one = [&](const std::pair<std::string, eval::Scores>& s) {
    return known(s.second[metric].mean);
  };
  return std::ranges::any_of(scores_of(report), one) ||
         std::ranges::any_of(report.reports, [&](const eval::Report& r) { return any_known(r, metric); });
}

/// The two figures that matter most for this protocol.
std::vector<Shown> shown_in(const eval::Report& report) {
  std::vector<Shown> all;
  for (const Shown& one : {kRegret, report.reports.empty() ? kTop1 : kError, kError}) {
    const auto same = [&](const Shown& other) { return other.metric == one.metric; };
    if (all.size() < 2 && any_known(report, one.metric) && std::ranges::none_of(all, same))
      all.push_back(one);
  }
  return all;
}

plot::Point with_sd(double x, const eval::Score& score) {
  return {.x = x,
          .y = 100 * score.mean,
          .y_lo = 100 * std::max(0.0, score.mean - score.sd),
          .y_hi = 100 * (score.mean + score.sd)};
}

/// Bars, the best predictor at the top of the regret.
plot::Panel bars(const eval::Report& report, const Shown& shown, const std::vector<std::string>& order) {
  plot::Panel panel;
  panel.x = {.label = shown.label, .from_zero = true};
  panel.y = {.label = "", .categories = order};
  plot::Series series{.style = plot::Style::bars, .colour = shown.metric == Metric::top1 ? 2 : 0};
  for (const auto& [name, scores] : scores_of(report)) {
    const eval::Score& score = scores[shown.metric];
    if (!known(score.mean)) continue;
    const auto place = static_cast<double>(std::ranges::find(order, name) - order.begin());
    series.points.push_back({.x = 100 * score.mean,
                             .y = place,
                             .x_lo = 100 * std::max(0.0, score.mean - score.sd),
                             .x_hi = 100 * (score.mean + score.sd)});
  }
  panel.series.push_back(std::move(series));
  return panel;
}

/// From the worst to the best, which is then the uppermost bar.
std::vector<std::string> worst_first(const eval::Report& report, const Shown& shown) {
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& [name, scores] : scores_of(report)) {
    const double mean = scores[shown.metric].mean;
    ranked.emplace_back(known(mean) ? mean : HUGE_VAL, name);
  }
  std::ranges::stable_sort(ranked, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> names;
  for (const auto& [value, name] : ranked) names.push_back(name);
  return names;
}

/// "law", or "law, without the source groups".
std::string curve_name(const eval::Report& report, const std::string& predictor) {
  for (const auto& [name, value] : report.settings) {
    if (name == "with_sources" && !value.as_boolean()) return predictor + ", without sources";
  }
  return predictor;
}

plot::Panel curves(const eval::Report& report, const Shown& shown) {
  plot::Panel panel;
  std::vector<double> sizes, values;
  for (const eval::Report& one : report.reports) {
    const double train = static_cast<double>(one.train.value_or(0));
    for (const auto& [name, scores] : scores_of(one)) {
      if (!known(scores[shown.metric].mean)) continue;
      sizes.push_back(train);
      values.push_back(scores[shown.metric].mean);
      const std::string full = curve_name(one, name);
      auto found = std::ranges::find(panel.series, full, &plot::Series::name);
      if (found == panel.series.end()) {
        panel.series.push_back(
            {.name = full, .style = plot::Style::line, .colour = static_cast<int>(panel.series.size())});
        found = panel.series.end() - 1;
      }
      found->points.push_back(with_sd(train, scores[shown.metric]));
    }
  }
  panel.x = {.label = "training rows per group", .log = wants_log(sizes)};
  panel.y = {.label = shown.label, .log = wants_log(values), .from_zero = true};
  return panel;
}

/// The groups of the first report that has any.
std::vector<table::GroupIdentity> groups_of(const eval::Report& report) {
  std::vector<table::GroupIdentity> groups;
  for (const eval::GroupReport& group :
       report.reports.empty() ? report.groups : report.reports.front().groups)
    groups.push_back(group.identity);
  return groups;
}

}  // namespace

plot::Chart evaluation_chart(const eval::Report& report) {
  plot::Chart chart{.title = plot_title(groups_of(report)),
                    .subtitle = "held-out evaluation, protocol " + report.protocol};
  if (report.train) chart.subtitle += ", " + plural(*report.train, "training row") + " per group";
  if (report.seeds > 0)
    chart.subtitle += ", " + plural(static_cast<std::size_t>(report.seeds), "random sample") +
                      "; bars: one standard deviation over the samples";
  const std::vector<Shown> shown = shown_in(report);
  const std::vector<std::string> order =
      shown.empty() ? std::vector<std::string>{} : worst_first(report, shown.front());
  for (const Shown& one : shown)
    chart.panels.push_back(report.reports.empty() ? bars(report, one, order) : curves(report, one));
  chart.panel_width = report.reports.empty() ? 380 : 460;
  chart.panel_height =
      report.reports.empty() ? std::max(160.0, 26.0 * static_cast<double>(order.size())) : 380;
  return chart;
}

}  // namespace energylens::cli
