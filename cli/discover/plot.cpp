// SPDX-License-Identifier: Apache-2.0
#include "cli/discover/plot.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace energylens::cli {
namespace {

constexpr std::size_t kMostLetters = 110;

/// The start of a formula that is too long for a line.
std::string shortened(const std::string& text) {
  return text.size() <= kMostLetters ? text : text.substr(0, kMostLetters - 3) + "...";
}

plot::Series errors(const search::Front& front, const std::string& name, int colour,
                    double (*error)(const search::Formula&)) {
  plot::Series series{.name = name, .style = plot::Style::line, .colour = colour};
  for (const search::Formula& formula : front.formulas) {
    if (known(error(formula))) series.points.push_back({.x = formula.complexity, .y = 100 * error(formula)});
  }
  return series;
}

}  // namespace

plot::Chart front_chart(const search::Front& front, const std::vector<std::string>& files) {
  plot::Panel panel;
  panel.series.push_back(errors(front, "training rows (root of the loss)", 0,
                                [](const search::Formula& f) { return std::sqrt(f.loss); }));
  panel.series.push_back(errors(front, "cross-validated (mean absolute error)", 2,
                                [](const search::Formula& f) { return f.cv_mape; }));
  panel.series.push_back(errors(front, "held-out rows (mean absolute error)", 3,
                                [](const search::Formula& f) { return f.test_mape; }));
  const search::Formula& chosen = front.chosen();
  panel.series.push_back({.name = "picked formula",
                          .points = {{.x = chosen.complexity, .y = 100 * std::sqrt(chosen.loss)}},
                          .colour = 1,
                          .ring = true});
  std::vector<double> values;
  for (const plot::Series& series : panel.series) {
    for (const plot::Point& point : series.points) values.push_back(point.y);
  }
  panel.x = {.label = "complexity (sum of operator costs)"};
  panel.y = {.label = "error (%)", .log = wants_log(values), .from_zero = true};
  std::string title;
  for (const std::string& file : files)
    title += (title.empty() ? "" : ", ") + std::filesystem::path(file).filename().string();
  plot::Chart chart{.title = "Formulas found in " + title, .subtitle = shortened("picked: " + chosen.text())};
  chart.panels.push_back(std::move(panel));
  chart.panel_width = 700;
  chart.panel_height = 380;
  return chart;
}

}  // namespace energylens::cli
