// SPDX-License-Identifier: Apache-2.0
// What the user states replaces what the files state, then the table reads the rows. Held by mlenergy_test.cpp.
#include "importers/rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

/// Users rename things so that rows of several files fall into one group. Everything else that a file states was
/// measured, or describes what was measured.
bool is_name(std::string_view column) {
  const table::ColumnInfo& info = table::info(*table::find_column(column));
  return info.family == table::ColumnFamily::identity && info.type == table::ColumnType::text;
}

bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::optional<double> x = parse_number(a), y = parse_number(b);
  return x && y && *x == *y;
}

void warn_of_replaced(const table::RowWriter& rows, std::string_view column, const std::string& text,
                      std::vector<std::string>& warnings) {
  std::string first;
  std::size_t replaced = 0;
  for (const table::RowCells& row : rows.rows()) {
    const std::string cell = row.text(column);
    if (!cell.empty() && !same(cell, text) && replaced++ == 0) first = cell;
  }
  if (replaced == 0 || is_name(column)) return;
  const std::string others = replaced > 1 ? fmt::format(" and in {}", plural(replaced - 1, "more row")) : "";
  warnings.push_back(fmt::format("--set {}={} replaces {} of the file{}", column, text, first, others));
}

}  // namespace

bool is_set(const Request& request, std::string_view column) {
  return std::ranges::find(request.set, column, &std::pair<std::string, std::string>::first) !=
         request.set.end();
}

table::Table finish(table::RowWriter& rows, const Request& request, std::vector<std::string>& warnings) {
  for (const auto& [column, text] : request.set) {
    find_named(table::columns(), column, "column");
    if (rows.rows().empty()) break;
    warn_of_replaced(rows, column, text, warnings);
    rows.set_all(column, text);
  }
  for (const table::RowCells& row : rows.rows()) {
    if (row.find(table::Column::batch)) continue;
    throw Error::bad_input({request.files.front(), 0, {}},
                           "the number of requests that run at once is missing; add it with --set batch=N");
  }
  return rows.read(request.files.front() + " (imported)");
}

}  // namespace energylens::importers
