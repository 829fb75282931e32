// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/plot.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/rounded_text.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

/// A row with its prediction.
struct Compared {
  table::Layout layout;
  std::size_t group = 0;
  double measured = kUnknown, predicted = kUnknown;
  bool trained = false;

  double deviation() const { return measured / predicted - 1; }
};

/// Rows of the kind that most rows have: energies of jobs and energies of tokens share no axis.
table::RowKind common_kind(const predictor::TrainingData& data) {
  std::ptrdiff_t jobs = 0;
  for (const predictor::TrainingGroup& group : data) {
    for (const table::Row& row : group.group->rows)
      jobs += row.config.load.kind == table::RowKind::job ? 1 : -1;
  }
  return jobs >= 0 ? table::RowKind::job : table::RowKind::steady;
}

std::vector<Compared> compared(const predictor::Predictor& model, const predictor::TrainingData& data,
                               table::RowKind kind, bool energy) {
  std::vector<Compared> all;
  for (std::size_t g = 0; g < data.size(); ++g) {
    const std::set<std::size_t> trained(data[g].rows.begin(), data[g].rows.end());
    for (std::size_t i = 0; i < data[g].group->rows.size(); ++i) {
      const table::Row& row = data[g].group->rows[i];
      if (row.config.load.kind != kind) continue;
      const predictor::Prediction p = model.predict(g, row.config);
      const double time_s = kind == table::RowKind::job ? p.total_time_s.value : p.tpot_s.value;
      const Compared one{row.config.layout, g, energy ? row.scenario_energy_j() : row.scenario_time_s(),
                         energy ? p.scenario_energy(kind).value : time_s, trained.contains(i)};
      if (one.measured > 0 && one.predicted > 0) all.push_back(one);
    }
  }
  return all;
}

/// What colours distinguish: layouts, or groups where there are several.
struct Colours {
  std::vector<std::string> names;
  std::map<table::Layout, std::size_t> layouts;
  bool by_group = false;

  std::size_t of(const Compared& one) const {
    return (by_group ? one.group : layouts.at(one.layout)) % names.size();
  }
};

constexpr std::size_t kMostColours = 8;

Colours colours_of(const predictor::Predictor& model, const std::vector<Compared>& rows) {
  Colours colours;
  for (const Compared& one : rows) colours.layouts.emplace(one.layout, 0);
  std::size_t next = 0;
  for (auto& [layout, index] : colours.layouts) index = next++;
  colours.by_group = model.groups().size() > 1;
  if (colours.by_group) {
    for (const table::GroupIdentity& group : model.groups()) colours.names.push_back(plot_title({&group, 1}));
  } else {
    for (const auto& [layout, index] : colours.layouts) colours.names.push_back(table::layout_text(layout));
  }
  if (colours.names.size() > kMostColours) colours.names = {colours.by_group ? "all groups" : "all layouts"};
  return colours;
}

/// Two series for each colour: rows of the fit, and rows that it has not seen.
template <class PointOf>
std::vector<plot::Series> series_of(const std::vector<Compared>& rows, const Colours& colours,
                                    const PointOf& point_of) {
  std::vector<plot::Series> all;
  for (std::size_t c = 0; c < colours.names.size(); ++c) {
    for (const bool trained : {true, false}) {
      plot::Series series{.name = colours.names[c], .colour = static_cast<int>(c), .hollow = !trained};
      for (const Compared& one : rows)
        if (colours.of(one) == c && one.trained == trained) series.points.push_back(point_of(one));
      if (!series.points.empty()) all.push_back(std::move(series));
    }
  }
  return all;
}

plot::Panel scatter_panel(const std::vector<Compared>& rows, const Colours& colours,
                          const std::string& quantity) {
  plot::Panel panel;
  double error = 0;
  for (const Compared& one : rows)
    error += std::abs(one.predicted / one.measured - 1) / static_cast<double>(rows.size());
  panel.title = plural(rows.size(), "row") + ", mean absolute error " + percent_text(error);
  panel.x = {.label = "predicted " + quantity, .log = true};
  panel.y = {.label = "measured " + quantity, .log = true};
  panel.diagonal = true;
  panel.series = series_of(
      rows, colours, [](const Compared& one) { return plot::Point{.x = one.predicted, .y = one.measured}; });
  return panel;
}

/// Mean and standard deviation of the deviations of each layout.
plot::Series means_of(const std::vector<Compared>& rows, const Colours& colours) {
  plot::Series means{.name = "mean and standard deviation of a layout", .colour = -2};
  for (const auto& [layout, index] : colours.layouts) {
    double n = 0, sum = 0, squares = 0;
    for (const Compared& one : rows) {
      if (one.layout != layout) continue;
      n += 1;
      sum += one.deviation();
      squares += one.deviation() * one.deviation();
    }
    const double mean = sum / n,
                 sd = n > 1 ? std::sqrt(std::max(0.0, (squares - n * mean * mean) / (n - 1))) : kUnknown;
    const double x = static_cast<double>(index) + 0.25;
    means.points.push_back({.x = x, .y = 100 * mean, .y_lo = 100 * (mean - sd), .y_hi = 100 * (mean + sd)});
  }
  return means;
}

plot::Panel residual_panel(const std::vector<Compared>& rows, const Colours& colours,
                           const std::string& quantity) {
  plot::Panel panel;
  panel.title = "Residuals by layout";
  panel.x = {.label = "layout"};
  for (const auto& [layout, index] : colours.layouts)
    panel.x.categories.push_back(table::layout_text(layout));
  panel.y = {.label = "measured / predicted " + quantity + " - 1 (%)"};
  std::size_t count = 0;
  panel.series = series_of(rows, colours, [&](const Compared& one) {
    const double aside =
        0.05 * static_cast<double>(count++ % 7) - 0.25;  // so that points do not cover one another
    return plot::Point{.x = static_cast<double>(colours.layouts.at(one.layout)) + aside,
                       .y = 100 * one.deviation()};
  });
  panel.series.push_back(means_of(rows, colours));
  panel.lines.push_back({false, 0, ""});
  return panel;
}

}  // namespace

plot::Chart fit_chart(const predictor::Predictor& model, const predictor::TrainingData& data) {
  plot::Chart chart{.title = plot_title(model.groups())};
  const table::RowKind kind = common_kind(data);
  const bool job = kind == table::RowKind::job;
  bool held_out = false;
  for (const bool energy : {true, false}) {
    const std::vector<Compared> rows = compared(model, data, kind, energy);
    if (rows.empty()) continue;
    held_out = held_out || std::ranges::any_of(rows, [](const Compared& one) { return !one.trained; });
    const Colours colours = colours_of(model, rows);
    const std::string unit =
        energy ? (job ? " (J)" : " per output token (J)") : (job ? " (s)" : " per output token (s)");
    const std::string name = energy ? "energy" : "time";
    chart.panels.push_back(scatter_panel(rows, colours, name + unit));
    chart.panels.push_back(residual_panel(rows, colours, name));
  }
  chart.subtitle = std::string(model.kind()) + ": measured against predicted, and residuals by layout" +
                   (held_out ? "; hollow: rows not used in the fit" : "");
  chart.panel_height = 330;
  return chart;
}

}  // namespace energylens::cli
