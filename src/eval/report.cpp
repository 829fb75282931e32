// SPDX-License-Identifier: Apache-2.0
// report.cpp: one report as JSON and CSV. Held by report_test.cpp.
#include "energylens/eval/report.hpp"

#include <algorithm>

#include "energylens/core/csv_field.hpp"

namespace energylens::eval {
namespace {

using io::Json;
using NamedSetting = std::pair<std::string, Json>;

void add_figures(const std::array<Score, kMetrics>& values, Json& json) {
  for (const MetricInfo& info : metric_infos()) {
    const Score& score = values[static_cast<std::size_t>(info.metric)];
    json[info.name] = score.mean;
    json[std::string(info.name) + "_sd"] = score.sd;
  }
}

/// Only figures that are known for the layout.
Json json_of(const std::vector<LayoutScores>& layouts) {
  Json json = Json::object();
  for (const LayoutScores& one : layouts) {
    Json own = Json::object({{"n_rows", one.n_rows}});
    for (const MetricInfo& info : metric_infos()) {
      const Score& score = one.values[static_cast<std::size_t>(info.metric)];
      if (!known(score.mean)) continue;
      own[info.name] = score.mean;
      own[std::string(info.name) + "_sd"] = score.sd;
    }
    json[table::layout_text(one.layout)] = std::move(own);
  }
  return json;
}

Json json_of(const std::vector<ReliabilityBin>& bins) {
  Json json = Json::array();
  for (const ReliabilityBin& bin : bins) {
    json.push_back(Json::object(
        {{"from", bin.from}, {"to", bin.to}, {"n", bin.n}, {"chance", bin.chance}, {"share", bin.share}}));
  }
  return json;
}

Json json_of(const Scores& scores) {
  Json json = Json::object();
  add_figures(scores.values, json);
  json["regret_percentiles"] = Json::array_of(scores.regret_percentiles);
  json["reliability"] = json_of(scores.reliability);
  json["effective_parameters"] = scores.effective_parameters;
  json["by_layout"] = json_of(scores.by_layout);
  if (!scores.note.empty()) json["note"] = scores.note;
  return json;
}

Json json_of(const ScoresByName& scores) {
  Json json = Json::object();
  for (const auto& [name, own] : scores) json[name] = json_of(own);
  return json;
}

/// {"arch": {"moe": {...}, "dense": {...}}}
Json json_of(const std::vector<ColumnScores>& by) {
  Json json = Json::object();
  for (const ColumnScores& one : by) {
    if (json.find(one.column) == nullptr) json[one.column] = Json::object();
    json[one.column][one.value] = Json::object({{"n_groups", one.n_groups},
                                                {"n_scenarios", one.n_scenarios},
                                                {"n_rows", one.n_rows},
                                                {"predictors", json_of(one.predictors)}});
  }
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
  if (known(group.cut)) json["cut"] = group.cut;
  if (group.n_questions > 0) json["n_questions"] = group.n_questions;
  json["predictors"] = json_of(group.predictors);
  return json;
}

Json json_of(const Comparison& comparison) {
  Json json = Json::object(
      {{"first", comparison.first}, {"second", comparison.second}, {"n_clusters", comparison.n_clusters}});
  for (const auto& [metric, difference] : comparison.differences) {
    json[metric_infos()[static_cast<std::size_t>(metric)].name] =
        Json::object({{"won", difference.won},
                      {"difference", difference.mean},
                      {"lo", difference.lo},
                      {"hi", difference.hi}});
  }
  return json;
}

std::string number_field(double value) {
  return known(value) ? number_text(value) : "";
}

/// Every line records that the run was stopped, since a table of partial figures looks complete.
std::string note_of(const Scores& scores, bool cancelled) {
  if (!cancelled) return scores.note;
  return scores.note.empty() ? "stopped early" : scores.note + "; stopped early";
}

std::string csv_line(const std::string& before, const std::string& name, const Scores& scores,
                     bool cancelled) {
  std::string line = before + ',' + csv_field(name);
  for (const Score& score : scores.values)
    line += ',' + number_field(score.mean) + ',' + number_field(score.sd);
  return line + ',' + number_field(scores.effective_parameters) + ',' +
         csv_field(note_of(scores, cancelled)) + '\n';
}

/// Lines of one report, each after `before`.
std::string csv_lines(const Report& report, const std::string& before) {
  std::string csv;
  for (const GroupReport& group : report.groups) {
    const std::string counts = std::to_string(group.n_scenarios) + ',' + std::to_string(group.n_rows) + ',' +
                               std::to_string(group.train_used);
    for (const auto& [name, scores] : group.predictors) {
      csv +=
          csv_line(before + csv_field(group.identity.text()) + ',' + counts, name, scores, report.cancelled);
    }
  }
  for (const auto& [name, scores] : report.overall)
    csv += csv_line(before + "overall,,,", name, scores, report.cancelled);
  for (const ColumnScores& one : report.by) {
    const std::string counts = std::to_string(one.n_scenarios) + ',' + std::to_string(one.n_rows) + ',';
    for (const auto& [name, scores] : one.predictors) {
      csv += csv_line(before + csv_field(one.column + '=' + one.value) + ',' + counts, name, scores,
                      report.cancelled);
    }
  }
  return csv;
}

/// The first columns of one of several reports, by which they differ.
std::string first_columns(const Report& report) {
  const auto with_sources = std::ranges::find(report.settings, "with_sources", &NamedSetting::first);
  return with_sources == report.settings.end() ? "train," : "train,with_sources,";
}

std::string first_cells(const Report& report) {
  std::string cells = std::to_string(report.train.value_or(0)) + ',';
  const auto with_sources = std::ranges::find(report.settings, "with_sources", &NamedSetting::first);
  if (with_sources == report.settings.end()) return cells;
  return cells + (with_sources->second.as_boolean() ? "1," : "0,");
}

}  // namespace

io::Json to_json(const Report& report) {
  Json json = Json::object({{"protocol", report.protocol}});
  for (const auto& [name, value] : report.settings) json[name] = value;
  if (report.train) json["train"] = *report.train;
  if (report.seeds > 0) json["seeds"] = report.seeds;
  json["pool"] = report.pool;
  json["same_gpus"] = report.same_gpus;
  json["cancelled"] = report.cancelled;
  if (report.reports.empty()) {
    json["groups"] = Json::array();
    for (const GroupReport& group : report.groups) json["groups"].push_back(json_of(group));
    json["overall"] = json_of(report.overall);
    if (!report.by.empty()) json["by"] = json_of(report.by);
    json["comparisons"] = Json::array();
    for (const Comparison& one : report.comparisons) json["comparisons"].push_back(json_of(one));
  } else {
    json["reports"] = Json::array();
    for (const Report& one : report.reports) json["reports"].push_back(to_json(one));
  }
  json["notes"] = Json::array_of(report.notes);
  return json;
}

std::string to_csv(const Report& report) {
  std::string csv = report.reports.empty() ? "" : first_columns(report.reports.front());
  csv += "group,n_scenarios,n_rows,train_used,predictor";
  for (const MetricInfo& info : metric_infos()) {
    csv += ',' + std::string(info.name) + ',' + std::string(info.name) + "_sd";
  }
  csv += ",effective_parameters,note\n";
  csv += csv_lines(report, "");
  for (const Report& one : report.reports) csv += csv_lines(one, first_cells(one));
  return csv;
}

}  // namespace energylens::eval
