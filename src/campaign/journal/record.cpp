// SPDX-License-Identifier: Apache-2.0
// A record as a line of JSON and back. Held by journal_test.cpp.
#include "energylens/campaign/record.hpp"

#include <algorithm>
#include <set>

#include "energylens/core/csv_field.hpp"
#include "energylens/core/number_text.hpp"
#include "energylens/io/sheet.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

std::vector<std::string> texts(const Json& json, std::string_view name) {
  std::vector<std::string> all;
  for (const Json& item : json.array_at(name)) all.push_back(item.as_text());
  return all;
}

Cells cells_from(const Json& json) {
  Cells cells;
  for (const Json::Member& member : json.members()) {
    const auto column = table::find_column(member.name);
    if (!column) throw member.value.error('"' + io::shown(member.name) + "\" is no column of the table");
    if (table::info(*column).type == table::ColumnType::number) {
      cells.set(*column, member.value.as_number());
    } else {
      cells.set(*column, member.value.as_text());
    }
  }
  return cells;
}

std::string cell_text(const Cells::Value& value) {
  return std::holds_alternative<double>(value) ? number_text(std::get<double>(value))
                                               : csv_field(std::get<std::string>(value));
}

}  // namespace

void Cells::set(table::Column column, double value) {
  if (known(value)) cells_.emplace_back(column, value);
}

void Cells::set(table::Column column, std::string text) {
  if (!text.empty()) cells_.emplace_back(column, std::move(text));
}

void Cells::set_text(table::Column column, const std::string& text) {
  if (table::info(column).type == table::ColumnType::number) {
    set(column, parse_number(text).value_or(kUnknown));
  } else {
    set(column, text);
  }
}

double Cells::number(table::Column column) const {
  const auto found = std::ranges::find(cells_, column, &std::pair<table::Column, Value>::first);
  return found != cells_.end() && std::holds_alternative<double>(found->second)
             ? std::get<double>(found->second)
             : kUnknown;
}

io::Json record_json(const Record& record) {
  Json json = Json::object({{"target", record.target},
                            {"configuration", record.what},
                            {"attempt", record.attempt},
                            {"valid", record.valid()},
                            {"start_failed", record.start_failed},
                            {"repeat", record.valid() ? Json(record.repeat) : Json()},
                            {"reasons", Json::array_of(record.reasons)},
                            {"warnings", Json::array_of(record.warnings)},
                            {"begin_unix", record.begin_s},
                            {"seconds", record.seconds}});
  json["samples"] = record.samples.empty() ? Json() : Json(record.samples);
  json["row"] = Json::object();
  for (const auto& [column, value] : record.row.all()) {
    std::visit([&, name = table::info(column).name](const auto& cell) { json["row"][name] = cell; }, value);
  }
  json["details"] = record.details;
  return json;
}

Record record_from(const Json& json) {
  Record record;
  const std::int64_t target = json.integer("target"), attempt = json.integer("attempt");
  if (target < 0 || attempt < 0 || attempt > 1000000) throw json.error("a target or attempt that cannot be");
  record.target = static_cast<std::size_t>(target);
  record.attempt = static_cast<int>(attempt);
  record.what = json.text("configuration");
  record.reasons = texts(json, "reasons");
  record.warnings = texts(json, "warnings");
  if (json.boolean("valid") != record.valid())
    throw json.error("\"valid\" and \"reasons\" contradict each other");
  if (record.valid()) record.repeat = static_cast<int>(json.integer("repeat") % 1000000);
  record.start_failed = json.boolean("start_failed");
  record.begin_s = json.number_or_unknown("begin_unix");
  record.seconds = json.number_or_unknown("seconds");
  record.samples = json.text_or("samples", "");
  try {
    record.row = cells_from(json.at("row"));
  } catch (const Error& error) {
    record.row_problem = error.message();
  }
  record.details = json.at("details");
  return record;
}

std::string rows_csv(const std::vector<const Cells*>& rows) {
  std::set<table::Column> present = {table::Column::batch, table::Column::total_energy_j};
  for (const Cells* row : rows) {
    for (const auto& [column, value] : row->all()) present.insert(column);
  }
  std::string csv;
  for (const table::Column column : present)
    csv += (csv.empty() ? "" : ",") + std::string(table::info(column).name);
  csv += '\n';
  for (const Cells* row : rows) {
    std::string line;
    for (const table::Column column : present) {
      if (column != *present.begin()) line += ',';
      const auto found = std::ranges::find(row->all(), column, [](const auto& cell) { return cell.first; });
      if (found != row->all().end()) line += cell_text(found->second);
    }
    csv += line + '\n';
  }
  return csv;
}

}  // namespace energylens::campaign
