// SPDX-License-Identifier: Apache-2.0
// report.cpp: one report as JSON, CSV and text. Held by report_test.cpp.
#include "energylens/eval/report.hpp"

#include <algorithm>
#include <array>

#include "energylens/core/rounded_text.hpp"

namespace energylens::eval {
namespace {

using wire::Json;

Json json_of(const Scores& scores) {
  Json json = Json::object();
  for (const MetricInfo& info : metric_infos()) {
    const Score& score = scores[info.metric];
    json[info.name] = score.mean;
    json[std::string(info.name) + "_sd"] = score.sd;
  }
  json["effective_parameters"] = scores.effective_parameters;
  if (!scores.note.empty()) json["note"] = scores.note;
  return json;
}

Json json_of(const ScoresByName& scores) {
  Json json = Json::object();
  for (const auto& [name, own] : scores) json[name] = json_of(own);
  return json;
}

Json json_of(const GroupReport& group) {
  Json identity = Json::object();
  for (const auto& [column, text] : group.identity.key) identity[column] = text;
  Json json = Json::object({{"group", identity},
                            {"n_scenarios", group.n_scenarios},
                            {"n_rows", group.n_rows},
                            {"train_used", group.train_used},
                            {"latency_energy_differ", group.latency_energy_differ},
                            {"latency_extra_energy", group.latency_extra_energy},
                            {"limits", Json::array_of(group.limits)}});
  json["predictors"] = json_of(group.predictors);
  return json;
}

/// A CSV field, quoted where it must be.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string number_field(double value) {
  return known(value) ? number_text(value) : "";
}

std::string csv_line(const std::string& group, const std::string& counts, const std::string& name,
                     const Scores& scores) {
  std::string line = field(group) + ',' + counts + ',' + field(name);
  for (const Score& score : scores.values)
    line += ',' + number_field(score.mean) + ',' + number_field(score.sd);
  return line + ',' + number_field(scores.effective_parameters) + ',' + field(scores.note) + '\n';
}

/// Lines of cells under each other, the first column to the left, the others to the right.
std::string aligned(const std::vector<std::vector<std::string>>& lines) {
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

std::string score_table(const ScoresByName& predictors) {
  constexpr std::array kShown = {
      Metric::top1, Metric::top1_within_1pct, Metric::regret_mean, Metric::regret_p95,
      Metric::mape, Metric::median_ape,       Metric::coverage_90};
  std::vector<std::vector<std::string>> lines = {{"predictor (all in %)", "top1", "(sd)", "within 1 %",
                                                  "regret", "regret p95", "mape", "median", "coverage 90"}};
  std::string notes;
  for (const auto& [name, scores] : predictors) {
    std::vector<std::string>& line = lines.emplace_back(std::vector<std::string>{name});
    for (const Metric metric : kShown) {
      line.push_back(percent(scores[metric].mean));
      if (metric == Metric::top1) line.push_back(percent(scores[metric].sd));
    }
    if (!scores.note.empty()) notes += "  " + name + ": " + scores.note + '\n';
  }
  return aligned(lines) + notes;
}

std::string group_text(const GroupReport& group) {
  std::string text = group.identity.text() + ": " + std::to_string(group.n_scenarios) + " scenarios, " +
                     std::to_string(group.n_rows) + " rows, " + std::to_string(group.train_used) +
                     " to train on\n" + score_table(group.predictors);
  if (known(group.latency_energy_differ)) {
    text += "  The fastest layout is not the one of least energy in " + percent(group.latency_energy_differ) +
            " % of scenarios; picking it costs " + percent(group.latency_extra_energy) + " % more energy.\n";
  }
  for (const std::string& limit : group.limits) text += "  Limit: " + limit + ".\n";
  return text + '\n';
}

}  // namespace

wire::Json to_json(const Report& report) {
  Json json = Json::object({{"protocol", report.protocol}});
  if (!report.unit.empty()) json["unit"] = report.unit;
  if (report.train > 0) json["train"] = report.train;
  if (report.seeds > 0) json["seeds"] = report.seeds;
  json["pool"] = report.pool;
  json["same_gpus"] = report.same_gpus;
  json["cancelled"] = report.cancelled;
  json["groups"] = Json::array();
  for (const GroupReport& group : report.groups) json["groups"].push_back(json_of(group));
  json["overall"] = json_of(report.overall);
  json["notes"] = Json::array_of(report.notes);
  return json;
}

std::string to_csv(const Report& report) {
  std::string csv = "group,n_scenarios,n_rows,train_used,predictor";
  for (const MetricInfo& info : metric_infos()) {
    csv += ',' + std::string(info.name) + ',' + std::string(info.name) + "_sd";
  }
  csv += ",effective_parameters,note\n";
  for (const GroupReport& group : report.groups) {
    const std::string counts = std::to_string(group.n_scenarios) + ',' + std::to_string(group.n_rows) + ',' +
                               std::to_string(group.train_used);
    for (const auto& [name, scores] : group.predictors) {
      csv += csv_line(group.identity.text(), counts, name, scores);
    }
  }
  for (const auto& [name, scores] : report.overall) csv += csv_line("overall", ",,", name, scores);
  return csv;
}

std::string to_table_text(const Report& report) {
  std::string text;
  for (const GroupReport& group : report.groups) text += group_text(group);
  if (report.groups.size() > 1) text += "All groups together\n" + score_table(report.overall);
  for (const std::string& note : report.notes) text += "Note: " + note + ".\n";
  if (report.cancelled) text += "Stopped early: the figures are of what was done.\n";
  return text;
}

}  // namespace energylens::eval
