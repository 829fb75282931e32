// SPDX-License-Identifier: Apache-2.0
// Held by table_test.cpp.
#include "energylens/table/table.hpp"

#include <cassert>

#include "table/builder.hpp"

namespace energylens::table {
namespace {

std::size_t index(Column column) {
  return static_cast<std::size_t>(column);
}

}  // namespace

bool Table::has(Column column) const {
  return !numbers_[index(column)].name.empty() || !texts_[index(column)].name.empty();
}

std::span<const double> Table::numbers(Column column) const {
  assert(info(column).type == ColumnType::number);
  return numbers_[index(column)].values;
}

std::string_view Table::text(Column column, std::size_t row) const {
  assert(info(column).type == ColumnType::text && row < rows_);
  const TextColumn& texts = texts_[index(column)];
  return texts.name.empty() ? std::string_view() : texts[row];
}

const std::string& Table::file(std::size_t row) const {
  return files_[file_of_row_[row]];
}

Table concatenate(std::vector<Table> tables) {
  if (tables.empty()) return {};
  Table whole = std::move(tables.front());
  for (std::size_t i = 1; i < tables.size(); ++i) TableBuilder::append(whole, tables[i]);
  return whole;
}

}  // namespace energylens::table
