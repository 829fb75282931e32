// SPDX-License-Identifier: Apache-2.0
// The rows become a table by way of its own CSV, so that an imported row obeys every rule that a written one
// does.
#include "importers/rows.hpp"

#include <algorithm>

#include "energylens/core/count_text.hpp"
#include "energylens/core/csv_field.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/nearest_name.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::importers {
namespace {

void check_known(std::string_view column) {
  if (table::find_column(column)) return;
  std::vector<std::string_view> names;
  for (const table::ColumnInfo& info : table::columns()) names.push_back(info.name);
  const std::optional<std::string> near = nearest_name(column, names);
  throw Error::usage("the table has no column \"" + std::string(column) + "\"" +
                     (near ? "; did you mean \"" + *near + "\"?" : ""));
}

/// Names are given anew to bring rows together; what else a file says is measured, or tells what was.
bool is_name(std::string_view column) {
  const table::ColumnInfo& info = table::info(*table::find_column(column));
  return info.family == table::ColumnFamily::identity && info.type == table::ColumnType::text;
}

bool same(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const std::optional<double> x = parse_number(a), y = parse_number(b);
  return x && y && *x == *y;
}

}  // namespace

bool is_set(const Request& request, std::string_view column) {
  return std::ranges::find(request.set, column, &std::pair<std::string, std::string>::first) !=
         request.set.end();
}

void RowMaker::begin_row() {
  rows_.emplace_back(columns_.size());
}

void RowMaker::set(std::string_view column, std::string_view text) {
  const std::size_t index = column_index(column);
  rows_.back()[index] = text;
}

void RowMaker::set(std::string_view column, double value) {
  set(column, known(value) ? number_text(value) : std::string());
}

std::size_t RowMaker::column_index(std::string_view column) {
  const auto found = std::ranges::find(columns_, column);
  const auto index = static_cast<std::size_t>(found - columns_.begin());
  if (found == columns_.end()) columns_.emplace_back(column);
  rows_.back().resize(columns_.size());
  return index;
}

void RowMaker::replace(std::string_view column, const std::string& text, std::vector<std::string>& warnings) {
  const std::size_t index = column_index(column);
  std::string first;
  std::size_t replaced = 0;
  for (auto& row : rows_) {
    row.resize(columns_.size());
    if (!row[index].empty() && !same(row[index], text)) {
      if (replaced++ == 0) first = row[index];
    }
    row[index] = text;
  }
  if (replaced == 0 || is_name(column)) return;
  warnings.push_back("--set " + std::string(column) + '=' + text + " replaces " + first + " of the file" +
                     (replaced > 1 ? ", and what it says in " + counted(replaced - 1, "more row") : ""));
}

table::Table RowMaker::finish(const Request& request, std::vector<std::string>& warnings) {
  for (const auto& [column, text] : request.set) {
    check_known(column);
    if (rows_.empty()) break;
    replace(column, text, warnings);
  }
  const auto batch = static_cast<std::size_t>(std::ranges::find(columns_, "batch") - columns_.begin());
  for (auto& row : rows_) {
    row.resize(columns_.size());
    if (batch < columns_.size() && !row[batch].empty()) continue;
    throw Error::bad_input({request.files.front(), 0, {}},
                           "it does not say how many requests run at once: --set batch=N");
  }
  std::string text;
  const auto add_line = [&text](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) text += (i == 0 ? "" : ",") + csv_field(cells[i]);
    text += '\n';
  };
  add_line(columns_);
  for (const auto& row : rows_) add_line(row);
  return table::parse_csv(text, request.files.front() + " (imported)");
}

}  // namespace energylens::importers
