// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "energylens/table/columns.hpp"
#include "energylens/table/table.hpp"

namespace energylens::table {

/// The cells of one row that is being made: a number or a text by column. Unknown numbers and blank texts are left
/// out; a cell that is set again is replaced.
class RowCells {
 public:
  using Value = std::variant<double, std::string>;
  void set(Column column, double number);
  void set(Column column, std::string_view text);
  /// The text as a number where the column is of numbers; one that is none leaves the cell blank.
  void set_parsed(Column column, std::string_view text);
  /// A column by name: a known one or one of the user's own. The text is kept as it stands, for the table to check.
  void set(std::string_view column, std::string_view text);
  void set(std::string_view column, double number);

  /// The known columns in the order in which they were set.
  const std::vector<std::pair<Column, Value>>& cells() const { return cells_; }
  const std::vector<std::pair<std::string, std::string>>& others() const { return others_; }
  const Value* find(Column column) const;
  double number(Column column) const;               ///< kUnknown where there is none
  std::string text(std::string_view column) const;  ///< of any column, as CSV has it; "" where it is blank

 private:
  void put(Column column, Value value);

  std::vector<std::pair<Column, Value>> cells_;
  std::vector<std::pair<std::string, std::string>> others_;
};

/// Writes rows as a measurement table: the known columns in our order, then the others in the order in which they
/// were first seen. What it writes, the table reads.
class RowWriter {
 public:
  /// `columns` are written even if no row fills them.
  explicit RowWriter(std::span<const Column> columns = {}) : columns_(columns.begin(), columns.end()) {}
  /// Has this column written even if no row fills it.
  void declare(std::string_view column);
  void add(RowCells row);
  /// Adds a blank row, whose cells `set` then fills. A column that is set is written even if all its cells are blank.
  void begin_row() { rows_.emplace_back(); }
  template <class Value>
  void set(std::string_view column, const Value& value) {
    declare(column);
    rows_.back().set(column, value);
  }
  std::span<const RowCells> rows() const { return rows_; }
  /// Sets the cell of a column in every row.
  void set_all(std::string_view column, std::string_view text);

  std::string csv() const;
  /// The rows as the table reads them. Throws Error where it refuses them; `name` stands for the file.
  Table read(const std::string& name) const;
  /// Why the table refuses the rows, `column: message`; empty if it takes them.
  std::string problem() const;

 private:
  std::set<Column> columns_;
  std::vector<std::string> others_;
  std::vector<RowCells> rows_;
};

}  // namespace energylens::table
