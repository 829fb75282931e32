// SPDX-License-Identifier: Apache-2.0
// report.cpp: one report as JSON and CSV. Held by report_test.cpp.
#include "energylens/eval/report.hpp"

#include "io/csv_writer.hpp"

namespace energylens::eval {
namespace {

using io::Json;

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

/// Every line records that the run was stopped, since a table of partial figures looks complete.
std::string note_of(const Scores& scores, bool cancelled) {
  if (!cancelled) return scores.note;
  return scores.note.empty() ? "stopped early" : scores.note + "; stopped early";
}

/// The first cells of a line of one of several reports, by which the reports differ.
void add_report_cells(io::CsvWriter& csv, const Report& report) {
  csv.cell(report.train.value_or(0));
  for (const auto& [name, value] : report.settings) {
    if (name == "with_sources") csv.cell(value.as_boolean() ? 1 : 0);
  }
}

void add_scores(io::CsvWriter& csv, const std::string& name, const Scores& scores, bool cancelled) {
  csv.cell(name);
  for (const Score& score : scores.values) {
    csv.cell(score.mean);
    csv.cell(score.sd);
  }
  csv.cell(scores.effective_parameters);
  csv.cell(note_of(scores, cancelled));
  csv.end_row();
}

/// The lines of one report; those of one of several reports begin with the cells by which they differ.
void add_lines(io::CsvWriter& csv, const Report& report, bool one_of_several) {
  const auto begin = [&](const std::string& group) {
    if (one_of_several) add_report_cells(csv, report);
    csv.cell(group);
  };
  for (const GroupReport& group : report.groups) {
    for (const auto& [name, scores] : group.predictors) {
      begin(group.identity.text());
      csv.cell(group.n_scenarios);
      csv.cell(group.n_rows);
      csv.cell(group.train_used);
      add_scores(csv, name, scores, report.cancelled);
    }
  }
  for (const auto& [name, scores] : report.overall) {
    begin("overall");
    csv.blank(3);
    add_scores(csv, name, scores, report.cancelled);
  }
  for (const ColumnScores& one : report.by) {
    for (const auto& [name, scores] : one.predictors) {
      begin(one.column + '=' + one.value);
      csv.cell(one.n_scenarios);
      csv.cell(one.n_rows);
      csv.blank();
      add_scores(csv, name, scores, report.cancelled);
    }
  }
}

void add_header(io::CsvWriter& csv, const Report& report) {
  if (!report.reports.empty()) {
    csv.cell("train");
    for (const auto& [name, value] : report.reports.front().settings) {
      if (name == "with_sources") csv.cell(name);
    }
  }
  for (const char* name : {"group", "n_scenarios", "n_rows", "train_used", "predictor"}) csv.cell(name);
  for (const MetricInfo& info : metric_infos()) {
    csv.cell(info.name);
    csv.cell(std::string(info.name) + "_sd");
  }
  csv.row("effective_parameters", "note");
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
  io::CsvWriter csv;
  add_header(csv, report);
  add_lines(csv, report, false);
  for (const Report& one : report.reports) add_lines(csv, one, true);
  return std::move(csv).text();
}

}  // namespace energylens::eval
