// SPDX-License-Identifier: Apache-2.0
// report_text.cpp: one report as text. Held by report_test.cpp.
#include <algorithm>
#include <array>

#include "core/rounded_text.hpp"
#include "core/text.hpp"
#include "energylens/eval/report.hpp"

namespace energylens::eval {
namespace {

using Lines = std::vector<std::vector<std::string>>;

/// Lines of cells in columns: the first aligned to the left, the others to the right.
std::string aligned(const Lines& lines) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  }
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string pad(widths[c] - line[c].size(), ' ');
      text += c == 0 ? "  " + line[c] + pad : "  " + pad + line[c];
    }
    text += '\n';
  }
  return text;
}

std::string percent(double fraction) {
  return rounded_text(100 * fraction, 3);
}

std::string name_of(Metric metric) {
  return std::string(metric_infos()[static_cast<std::size_t>(metric)].name);
}

std::string score_table(const ScoresByName& predictors, bool limited) {
  std::vector<Metric> shown = {
      Metric::top1, Metric::top1_within_1pct, Metric::regret_mean, Metric::regret_p95,
      Metric::mape, Metric::median_ape,       Metric::coverage_90};
  Lines lines = {{"predictor (values in %)", "top1", "(sd)", "within 1 %", "regret", "regret p95", "mape",
                  "median", "coverage 90"}};
  if (limited) {
    shown.push_back(Metric::breach_rate);
    lines[0].push_back("breaches");
  }
  std::string notes;
  for (const auto& [name, scores] : predictors) {
    std::vector<std::string>& line = lines.emplace_back(std::vector<std::string>{name});
    for (const Metric metric : shown) {
      line.push_back(percent(scores[metric].mean));
      if (metric == Metric::top1) line.push_back(percent(scores[metric].sd));
    }
    if (!scores.note.empty()) notes += "  " + name + ": " + scores.note + '\n';
  }
  return aligned(lines) + notes;
}

/// The errors of every layout.
std::string layout_table(const ScoresByName& predictors) {
  constexpr std::array kShown = {Metric::mape, Metric::median_ape, Metric::coverage_90};
  Lines lines = {{"predictor, layout (values in %)", "mape", "median", "coverage 90"}};
  for (const auto& [name, scores] : predictors) {
    for (const LayoutScores& own : scores.by_layout) {
      std::vector<std::string>& line = lines.emplace_back();
      line.push_back(name + ", " + table::layout_text(own.layout));
      for (const Metric metric : kShown) {
        line.push_back(percent(own.values[static_cast<std::size_t>(metric)].mean));
      }
    }
  }
  return lines.size() > 1 ? aligned(lines) : "";
}

std::string group_text(const GroupReport& group, bool extrapolates) {
  std::string text = group.identity.text() + ": " + plural(group.n_scenarios, "scenario") + ", " +
                     plural(group.n_rows, "row") + ", " + "trained on " + std::to_string(group.train_used);
  const bool limited = group.n_questions > 0;
  if (limited) text += ", " + plural(group.n_questions, "question") + " under a limit";
  if (known(group.cut)) text += ", cut at " + number_text(group.cut);
  text += '\n' + score_table(group.predictors, limited);
  if (extrapolates) text += layout_table(group.predictors);
  if (known(group.latency_energy_differ)) {
    text += "  The fastest layout differs from the least-energy layout in " +
            percent(group.latency_energy_differ) + " % of scenarios; choosing it costs " +
            percent(group.latency_extra_energy) + " % more energy.\n";
  }
  for (const std::string& limit : group.limits) text += "  Limitation: " + limit + ".\n";
  return text + '\n';
}

std::string comparison_text(const Comparison& comparison) {
  std::string text = comparison.first + " minus " + comparison.second + " (intervals from " +
                     plural(comparison.n_clusters, "resampled cluster") + ")\n";
  Lines lines = {{"metric (values in %)", "difference", "95 % from", "to", "seeds won"}};
  for (const auto& [metric, difference] : comparison.differences) {
    lines.push_back({name_of(metric), percent(difference.mean), percent(difference.lo),
                     percent(difference.hi), percent(difference.won)});
  }
  return text + aligned(lines) + '\n';
}

/// "50 rows to train on, without sources"
std::string heading(const Report& report) {
  std::string text = plural(report.train.value_or(0), "training row");
  for (const auto& [name, value] : report.settings) {
    if (name == "with_sources")
      text += value.as_boolean() ? ", with the source groups" : ", without the source groups";
  }
  return text;
}

std::string figures_text(const Report& report) {
  const bool limited = report.protocol == "limited", extrapolates = report.protocol == "extrapolate";
  std::string text;
  for (const GroupReport& group : report.groups) text += group_text(group, extrapolates);
  if (report.groups.size() > 1) {
    text += "All groups together\n" + score_table(report.overall, limited);
    if (extrapolates) text += layout_table(report.overall);
  }
  for (const ColumnScores& one : report.by) {
    text += one.column + " = " + (one.value.empty() ? "(not stated)" : one.value) + ": " +
            plural(one.n_groups, "group") + ", " + plural(one.n_scenarios, "scenario") + ", " +
            plural(one.n_rows, "row") + '\n' + score_table(one.predictors, limited);
  }
  for (const Comparison& one : report.comparisons) text += comparison_text(one);
  return text;
}

/// What the headings of the tables mean.
std::string legend(const Report& report) {
  std::string text = R"(Columns:
  top1         choices of the layout with the lowest measured energy (sd: standard deviation over the random seeds)
  within 1 %   choices whose measured energy is at most 1 % above the lowest
  regret       extra measured energy of the choices over the lowest: mean, and 95th percentile (p95)
  mape         mean absolute error of the predicted energies, as a percentage of the measured energy
  median       median of the same errors
  coverage 90  measured energies inside the predicted 90 % interval
)";
  if (report.protocol == "limited")
    text += "  breaches     choices whose measured latency exceeds the limit\n";
  return text;
}

}  // namespace

std::string to_table_text(const Report& report) {
  std::string text = figures_text(report);
  for (const Report& one : report.reports) text += "== " + heading(one) + " ==\n" + figures_text(one);
  text += legend(report);
  for (const std::string& note : report.notes) text += "Note: " + note + ".\n";
  if (report.cancelled) text += "Stopped early; the results are incomplete.\n";
  return text;
}

}  // namespace energylens::eval
