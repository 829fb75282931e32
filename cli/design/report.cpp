// SPDX-License-Identifier: Apache-2.0
#include "cli/design/report.hpp"

#include "cli/output.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

using io::Json;
using table::Column;

/// Seconds of all picks; unknown if those of one pick are.
double total_s(const Designed& d) {
  double sum = 0;
  for (const std::size_t place : d.design.picks) sum += d.times.seconds[place];
  return sum;
}

bool steady(const table::Load& load) {
  return load.kind == table::RowKind::steady;
}

void add_load(Json& object, const table::Load& load) {
  object["row_kind"] = steady(load) ? "steady" : "job";
  object["batch"] = steady(load) ? kUnknown : load.batch;
  if (steady(load)) {
    object["concurrency"] = load.max_batch;
    object["max_batch"] = load.max_batch;
  }
  object["isl"] = load.isl;
  object["osl"] = load.osl;
}

Json json_of(const Designed& d) {
  Json picks = Json::array();
  for (const std::size_t place : d.design.picks) {
    Json pick = Json::object();
    pick["layout"] = table::layout_text(d.problem.places[place].layout);
    add_load(pick, d.problem.places[place].load);
    pick["cost_s"] = d.times.seconds[place];
    picks.push_back(std::move(pick));
  }
  Json out = Json::object();
  out["strategy"] = std::string(design::info(d.options.strategy).name);
  out["spread_instead"] = d.design.spread_instead;
  out["seed"] = d.options.seed;
  out["group"] = identity_json(d.problem.identity);
  out["rows_measured"] = d.problem.measured.size();
  out["candidates"] = d.problem.candidates.size();
  out["questions"] = d.problem.workload.size();
  out["regret_before"] = d.design.regret_before;
  out["regret_after"] = d.design.regret_after;
  out["total_cost_s"] = total_s(d);
  out["cost_source"] = d.times.source.empty() ? Json() : Json(d.times.source);
  out["measurements"] = std::move(picks);
  return out;
}

void add_identity(Json& row, const table::GroupIdentity& identity) {
  const auto add = [&](Column column, const Json& value) {
    row[std::string(table::info(column).name)] = value;
  };
  for (const auto& [column, text] : identity.key) row[column] = text;
  if (known(identity.params_b)) add(Column::params_b, identity.params_b);
  if (known(identity.active_params_b)) add(Column::active_params_b, identity.active_params_b);
  if (!identity.arch.empty()) add(Column::arch, identity.arch);
}

/// With a blank column for every result, for a campaign to fill in.
Json table_row(const Designed& d, std::size_t place) {
  const table::Configuration& config = d.problem.places[place];
  Json row = Json::object();
  add_identity(row, d.problem.identity);
  row["num_gpus"] = config.layout.gpus();
  row["tp"] = config.layout.tp;
  row["pp"] = config.layout.pp;
  row["dp"] = config.layout.dp;
  row["ep"] = config.layout.ep;
  add_load(row, config.load);
  for (const table::ColumnInfo& column : table::columns()) {
    if (column.family == table::ColumnFamily::results) row[std::string(column.name)] = Json();
  }
  row["kv_capacity_tokens"] = config.kv_capacity_tokens;
  const double seconds = d.times.seconds[place];
  row["notes"] = known(seconds) ? Json("takes about " + rounded_text(seconds) + " s") : Json();
  return row;
}

std::string csv_of(const Designed& d) {
  Json rows = Json::array();
  for (const std::size_t place : d.design.picks) rows.push_back(table_row(d, place));
  return csv_text(rows);
}

std::string summary(const Designed& d) {
  std::string text = std::to_string(d.design.picks.size()) + " of " +
                     plural(d.problem.candidates.size(), "configuration") + " selected by " +
                     std::string(d.design.spread_instead ? "spread" : design::info(d.options.strategy).name) +
                     " for a workload of " + plural(d.problem.workload.size(), "scenario") + "\n";
  if (known(total_s(d)) && !d.design.picks.empty()) {
    text +=
        "total duration: " + rounded_text(total_s(d)) + " s (estimated from the " + d.times.source + ")\n";
  }
  if (known(d.design.regret_after)) {
    text += "expected mean regret of choices: " + percent_text(d.design.regret_before, 2) + " now, " +
            percent_text(d.design.regret_after, 2) + " after these measurements\n";
  }
  return text;
}

std::string text_of(const Designed& d) {
  TextTable lines("rlrrrr", {"#", "layout", "batch", "isl", "osl", "seconds"});
  for (std::size_t i = 0; i < d.design.picks.size(); ++i) {
    const table::Configuration& config = d.problem.places[d.design.picks[i]];
    const double seconds = d.times.seconds[d.design.picks[i]];
    lines.add({std::to_string(i + 1), table::layout_text(config.layout), count_text(config.load.batch),
               count_text(config.load.isl), count_text(config.load.osl),
               known(seconds) ? rounded_text(seconds) : "-"});
  }
  return lines.text() + summary(d);
}

}  // namespace

std::string design_text(const Designed& designed, const std::string& format) {
  if (format == "json") return io::print_json(json_of(designed)) + '\n';
  return format == "csv" ? csv_of(designed) : text_of(designed);
}

}  // namespace energylens::cli
