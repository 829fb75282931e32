// SPDX-License-Identifier: Apache-2.0
// What is allowed but rarely meant. Rows are looked up by a hash of their cells, so that a million of them
// are compared in one pass; equal hashes are confirmed cell by cell. Held by findings_test.cpp.
#include "table/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <unordered_map>

#include "core/nearest_name.hpp"
#include "core/text.hpp"
#include "energylens/table/group.hpp"
#include "table/alike_groups.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

/// Calls `visit` with a function from row to cell, of every column that the table has, until one returns false.
template <typename Visit>
bool every_column(const Table& table, const Visit& visit) {
  for (const ColumnInfo& column : columns()) {
    if (!table.has(column.column)) continue;
    const bool number = column.type == ColumnType::number;
    // NaN is unequal to itself, but a blank cell equals other blanks: it is taken as -1, which no column allows.
    const auto number_of = [&](std::size_t row) {
      const double value = number_at(table, column.column, row);
      return known(value) ? value : -1.0;
    };
    const auto text_of = [&](std::size_t row) { return table.text(column.column, row); };
    if (!(number ? visit(number_of) : visit(text_of))) return false;
  }
  for (const TextColumn& column : table.unknown_columns()) {
    if (!visit([&](std::size_t row) { return column.codes[row]; })) return false;
  }
  return true;
}

bool equal(const Table& table, std::size_t a, std::size_t b) {
  return every_column(table, [&](const auto& cell) { return cell(a) == cell(b); });
}

std::vector<std::size_t> hashes(const Table& table) {
  constexpr std::size_t kOdd =
      0x9E3779B97F4A7C15u;  // 2^64 / golden ratio: spreads values that differ in few bits
  std::vector<std::size_t> all(table.rows());
  every_column(table, [&](const auto& cell) {
    for (std::size_t row = 0; row < all.size(); ++row) {
      const std::size_t own = std::hash<std::decay_t<decltype(cell(row))>>()(cell(row));
      all[row] = (all[row] ^ own) * kOdd ^ (all[row] >> 29);
    }
    return true;
  });
  return all;
}

std::string place_text(const std::string& file, long line) {
  return fmt::format("{}:{}", file, line);
}

}  // namespace

std::optional<std::string> identical_rows(const Table& table) {
  const std::vector<std::size_t> hash = hashes(table);
  std::unordered_map<std::size_t, std::size_t> first;  // hash, row
  std::size_t count = 0;
  std::string places;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto [earlier, fresh] = first.emplace(hash[row], row);
    if (fresh || !equal(table, earlier->second, row)) continue;
    if (count++ > 0) continue;
    places = place_text(table.file(earlier->second), table.line(earlier->second)) + " and " +
             place_text(table.file(row), table.line(row));
  }
  if (count == 0) return std::nullopt;
  return fmt::format("{} twice with equal cells, first at {}; averaged nevertheless",
                     plural(count, "row occurs", "rows occur"), places);
}

std::vector<std::string> spelling_findings(const Table& table, std::span<const Group> groups) {
  std::vector<std::string> lines;
  std::vector<std::string_view> names;
  for (const ColumnInfo& column : columns()) names.push_back(column.name);
  for (const TextColumn& column : table.unknown_columns()) {
    const std::optional<std::string> same = nearest_name(column.name, names, 0);
    if (same)
      lines.push_back(
          fmt::format("column {} is not used; the table has a column {}", quote(column.name), quote(*same)));
  }
  std::ranges::move(alike_groups(groups), std::back_inserter(lines));
  return lines;
}

}  // namespace energylens::table
