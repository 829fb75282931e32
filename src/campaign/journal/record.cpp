// SPDX-License-Identifier: Apache-2.0
// A record as a line of JSON and back. Held by journal_test.cpp.
#include "campaign/record.hpp"

#include <array>

#include "core/named_table.hpp"
#include "energylens/core/number_text.hpp"
#include "io/sheet.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

constexpr std::array kAlwaysWritten = {table::Column::batch, table::Column::total_energy_j};

std::vector<std::string> texts(const Json& json, std::string_view name) {
  std::vector<std::string> all;
  for (const Json& item : json.array_at(name)) all.push_back(item.as_text());
  return all;
}

table::RowCells cells_from(const Json& json) {
  table::RowCells cells;
  for (const Json::Member& member : json.members()) {
    const auto column = table::find_column(member.name);
    if (!column) throw member.value.error(unknown_name("column", member.name, {}));
    if (table::info(*column).type == table::ColumnType::number) {
      cells.set(*column, member.value.as_number());
    } else {
      cells.set(*column, member.value.as_text());
    }
  }
  return cells;
}

}  // namespace

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
  for (const auto& [column, value] : record.row.cells()) {
    std::visit([&, name = table::info(column).name](const auto& cell) { json["row"][name] = cell; }, value);
  }
  json["details"] = record.details;
  return json;
}

Record record_from(const Json& json) {
  Record record;
  const std::int64_t target = json.integer("target"), attempt = json.integer("attempt");
  if (target < 0 || attempt < 0 || attempt > 1000000)
    throw json.error("invalid number of a target or attempt");
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

std::string rows_csv(const std::vector<const table::RowCells*>& rows) {
  table::RowWriter writer(kAlwaysWritten);
  for (const table::RowCells* row : rows) writer.add(*row);
  return writer.csv();
}

std::string table_problem(const table::RowCells& row) {
  table::RowWriter writer(kAlwaysWritten);
  writer.add(row);
  return writer.problem();
}

}  // namespace energylens::campaign
