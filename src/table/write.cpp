// SPDX-License-Identifier: Apache-2.0
// Both formats have the same columns: the known ones that are present, in our order, then the unknown ones. Numbers are
// written so that they read back exactly. Held by write_test.cpp.
#include <algorithm>
#include <variant>

#include "energylens/io/json.hpp"
#include "energylens/table/table.hpp"
#include "io/csv_writer.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

/// A column of a table: a known one or an unknown one.
using AnyColumn = std::variant<Column, const TextColumn*>;

std::vector<AnyColumn> columns_of(const Table& table) {
  std::vector<AnyColumn> result;
  for (const ColumnInfo& column : columns()) {
    if (table.has(column.column)) result.emplace_back(column.column);
  }
  for (const TextColumn& column : table.unknown_columns()) result.emplace_back(&column);
  return result;
}

std::string_view name_of(const AnyColumn& column) {
  if (const Column* known_column = std::get_if<Column>(&column)) return info(*known_column).name;
  return std::get<const TextColumn*>(column)->name;
}

bool holds_numbers(const AnyColumn& column) {
  const Column* known_column = std::get_if<Column>(&column);
  return known_column && info(*known_column).type == ColumnType::number;
}

/// Requires: !holds_numbers(column).
std::string_view text_at(const Table& table, const AnyColumn& column, std::size_t row) {
  if (const Column* known_column = std::get_if<Column>(&column)) return table.text(*known_column, row);
  return (*std::get<const TextColumn*>(column))[row];
}

io::Json json_cell(const Table& table, const AnyColumn& column, std::size_t row) {
  if (holds_numbers(column)) return number_at(table, std::get<Column>(column), row);
  const std::string_view text = text_at(table, column, row);
  return text.empty() ? io::Json() : io::Json(text);
}

}  // namespace

std::string to_csv(const Table& table) {
  const std::vector<AnyColumn> all = columns_of(table);
  io::CsvWriter csv;
  for (const AnyColumn& column : all) csv.cell(name_of(column));
  csv.end_row();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const AnyColumn& column : all) {
      if (holds_numbers(column)) {
        csv.cell(number_at(table, std::get<Column>(column), row));
      } else {
        csv.cell(text_at(table, column, row));
      }
    }
    csv.end_row();
  }
  return std::move(csv).text();
}

std::string to_json(const Table& table) {
  const std::vector<AnyColumn> all = columns_of(table);
  io::Json rows = io::Json::array();
  for (std::size_t row = 0; row < table.rows(); ++row) {
    io::Json object = io::Json::object();
    for (const AnyColumn& column : all) object[name_of(column)] = json_cell(table, column, row);
    rows.push_back(std::move(object));
  }
  return io::print_json(rows) + '\n';
}

std::string table_template() {
  return "model,params_b,arch,gpu,engine,quant,simulated,layout,row_kind,batch,max_batch,isl,osl,prefill_"
         "energy_j,"
         "decode_energy_j,total_energy_j,prefill_time_s,decode_time_s,total_time_s,ttft_s,tpot_s,"
         "energy_per_out_token_j,throughput_tok_s,kv_capacity_tokens,repeat,notes\n"
         "Llama-3-70B,70,dense,H100-80GB-SXM,vLLM,fp16,1,tp4,job,32,,512,256,5000,21000,26000,1.9,11.5,13.4,,"
         ",,,"
         "390000,0,example: 32 requests started together\n"
         "Llama-3-70B,70,dense,H100-80GB-SXM,vLLM,fp16,1,tp4pp2,steady,118.5,128,512,256,,,,,,,0.62,0.071,2."
         "1,1640,"
         ",0,example: continuous batching\n";
}

}  // namespace energylens::table
