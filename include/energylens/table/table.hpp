// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/table/columns.hpp"

namespace energylens::table {

/// A text column, dictionary-coded: `values[codes[row]]`; values[0] is the blank.
struct TextColumn {
  std::string name;
  std::vector<std::uint32_t> codes;
  std::vector<std::string> values{""};
  const std::string& operator[](std::size_t row) const { return values[codes[row]]; }
};

/// A numeric column; NaN is a blank cell.
struct NumberColumn {
  std::string name;
  std::vector<double> values;
};

/// Measurements in columns. Known columns are typed by `columns()`; unknown ones are kept as text.
/// Immutable once read; safe to read from any thread.
class Table {
 public:
  std::size_t rows() const { return rows_; }
  bool has(Column column) const;
  /// Values of a known numeric column; empty span if the table does not have the column.
  std::span<const double> numbers(Column column) const;
  /// Text of a known or unknown text column; blank if the table does not have it.
  std::string_view text(Column column, std::size_t row) const;
  const std::vector<TextColumn>& unknown_columns() const { return unknown_; }

  /// The file and the 1-based line that a row came from.
  const std::string& file(std::size_t row) const;
  long line(std::size_t row) const { return lines_[row]; }

 private:
  friend class TableBuilder;
  std::size_t rows_ = 0;
  std::vector<NumberColumn> numbers_;    // by Column; empty values = absent
  std::vector<TextColumn> texts_;        // by Column; empty codes = absent
  std::vector<TextColumn> unknown_;
  std::vector<std::uint32_t> file_of_row_;
  std::vector<std::string> files_;
  std::vector<long> lines_;
};

/// Reads one CSV file with a header (UTF-8, RFC 4180 quoting); "-" is standard input.
/// Throws Error with file:line:column for: an empty file, a missing required column, a duplicate header,
/// a ragged row, a cell that is no number of the column's range, NaN, a power per GPU outside 5 W-5 kW.
/// A header that is not known but near a known name is refused, naming the one probably meant.
Table read_csv(const std::string& path);
/// The same for text already in memory; `name` stands for the file in messages.
Table parse_csv(std::string_view text, const std::string& name);
/// The rows of all tables under the union of their columns.
Table concatenate(std::vector<Table> tables);

/// The table as CSV (known columns that are present first, then unknown ones) or as a JSON array of objects
/// (blank = null). Reading what was written gives an equal table.
std::string to_csv(const Table& table);
std::string to_json(const Table& table);

/// One `--where` condition: `column OP value`, OP of = != < <= > >=. Text compares by = and != only;
/// a blank cell matches only `column=`.
struct Condition {
  std::string column;
  std::string op;
  std::string value;
};
Condition parse_condition(std::string_view text);  ///< throws Error (usage)
/// Rows that satisfy every condition. Throws Error (usage) for a column that the table does not have
/// (naming the near one) and Error (bad input) if no row is left.
Table where(const Table& table, std::span<const Condition> conditions);

}  // namespace energylens::table
