// SPDX-License-Identifier: Apache-2.0
// Rows become a table through CSV, so that a generated row obeys every rule that a written one does. Held
// by row_writer_test.cpp.
#include "table/row_writer.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "io/csv_writer.hpp"

namespace energylens::table {

void RowCells::put(Column column, Value value) {
  const auto found = std::ranges::find(cells_, column, &std::pair<Column, Value>::first);
  const bool blank = std::holds_alternative<double>(value) ? !known(std::get<double>(value))
                                                           : std::get<std::string>(value).empty();
  if (found == cells_.end()) {
    if (!blank) cells_.emplace_back(column, std::move(value));
  } else if (blank) {
    cells_.erase(found);
  } else {
    found->second = std::move(value);
  }
}

void RowCells::set(Column column, double number) {
  put(column, number);
}

void RowCells::set(Column column, std::string_view text) {
  put(column, std::string(text));
}

void RowCells::set_parsed(Column column, std::string_view text) {
  if (info(column).type == ColumnType::number) {
    set(column, parse_number(text).value_or(kUnknown));
  } else {
    set(column, text);
  }
}

void RowCells::set(std::string_view column, std::string_view text) {
  if (const std::optional<Column> known_column = find_column(column)) return set(*known_column, text);
  std::erase_if(others_, [&](const auto& cell) { return cell.first == column; });
  if (!text.empty()) others_.emplace_back(column, text);
}

void RowCells::set(std::string_view column, double number) {
  if (const std::optional<Column> known_column = find_column(column)) return set(*known_column, number);
  const std::string text = known(number) ? number_text(number) : std::string();
  set(column, std::string_view(text));
}

const RowCells::Value* RowCells::find(Column column) const {
  const auto found = std::ranges::find(cells_, column, &std::pair<Column, Value>::first);
  return found == cells_.end() ? nullptr : &found->second;
}

double RowCells::number(Column column) const {
  const Value* const value = find(column);
  return value && std::holds_alternative<double>(*value) ? std::get<double>(*value) : kUnknown;
}

std::string RowCells::text(std::string_view column) const {
  if (const std::optional<Column> known_column = find_column(column)) {
    const Value* const value = find(*known_column);
    if (!value) return {};
    return std::holds_alternative<double>(*value) ? number_text(std::get<double>(*value))
                                                  : std::get<std::string>(*value);
  }
  const auto found = std::ranges::find(others_, column, &std::pair<std::string, std::string>::first);
  return found == others_.end() ? std::string() : found->second;
}

void RowWriter::declare(std::string_view column) {
  if (const std::optional<Column> known_column = find_column(column)) {
    columns_.insert(*known_column);
  } else if (std::ranges::find(others_, column) == others_.end()) {
    others_.emplace_back(column);
  }
}

void RowWriter::add(RowCells row) {
  for (const auto& [column, value] : row.cells()) columns_.insert(column);
  for (const auto& [column, text] : row.others()) declare(column);
  rows_.push_back(std::move(row));
}

void RowWriter::set_all(std::string_view column, std::string_view text) {
  declare(column);
  for (RowCells& row : rows_) row.set(column, text);
}

std::string RowWriter::csv() const {
  io::CsvWriter csv;
  for (const Column column : columns_) csv.cell(info(column).name);
  for (const std::string& column : others_) csv.cell(column);
  csv.end_row();
  for (const RowCells& row : rows_) {
    for (const Column column : columns_) {
      if (const RowCells::Value* const value = row.find(column)) {
        std::visit([&](const auto& cell) { csv.cell(cell); }, *value);
      } else {
        csv.blank();
      }
    }
    for (const std::string& column : others_) csv.cell(row.text(column));
    csv.end_row();
  }
  return std::move(csv).text();
}

Table RowWriter::read(const std::string& name) const {
  return parse_csv(csv(), name);
}

std::string RowWriter::problem() const {
  try {
    read("row");
    return {};
  } catch (const Error& error) {
    return error.place().column + ": " + error.message();
  }
}

}  // namespace energylens::table
