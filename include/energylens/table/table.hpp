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
  /// Values of a known numeric column; empty span if the table does not have the column or no rows.
  std::span<const double> numbers(Column column) const;
  /// Text of a known text column; blank if the table does not have it.
  std::string_view text(Column column, std::size_t row) const;
  const std::vector<TextColumn>& unknown_columns() const { return unknown_; }

  /// The file and the 1-based line that a row came from.
  const std::string& file(std::size_t row) const;
  long line(std::size_t row) const { return lines_[row]; }

 private:
  friend class TableBuilder;
  std::size_t rows_ = 0;
  std::vector<NumberColumn> numbers_ = std::vector<NumberColumn>(kColumns);  // by Column; no name = absent
  std::vector<TextColumn> texts_ = std::vector<TextColumn>(kColumns);        // by Column; no name = absent
  std::vector<TextColumn> unknown_;
  std::vector<std::uint32_t> file_of_row_;
  std::vector<std::string> files_;
  std::vector<long> lines_;
};

/// Reads one CSV file with a header (UTF-8, RFC 4180 quoting); "-" is standard input.
/// A line may end in LF, CRLF or CR; a byte-order mark and blank lines are passed over; a header alone is a
/// table without rows. Required are the column `batch` and one energy or time. Throws Error with
/// file:line:column for: an empty file, bytes that are no UTF-8 text, a missing required column, a duplicate
/// header, a ragged row, a cell that is no number of the column's range, NaN, a `row_kind`, `role` or layout
/// that is none, a layout that contradicts itself or num_gpus, more image or cached tokens than isl, a power
/// per GPU outside 5 W-5 kW, a phase of more energy or time than its total, a mean power that is not energy
/// over time (by more than half), phases that do not add up to their total, an energy per token or request that is
/// not what the total gives (both by more than half), a latency longer than the job, and more power idle than under
/// load. A header that is not known is refused, naming the one probably meant, if it
/// is near a known name that the table lacks or is one in another unit; else it is kept.
Table read_csv(const std::string& path);
/// The same for text already in memory; `name` stands for the file in messages. With `ResultColumns::optional` no
/// energy and no time is required: such a table says what is to be measured.
enum class ResultColumns { required, optional };
Table parse_csv(std::string_view text, const std::string& name,
                ResultColumns results = ResultColumns::required);
/// The rows of all tables under the union of their columns.
Table concatenate(std::vector<Table> tables);

/// The table as CSV (known columns that are present first, then unknown ones) or as a JSON array of objects
/// (blank = null). Reading what was written gives an equal table, but for the lines that rows came from.
std::string to_csv(const Table& table);
std::string to_json(const Table& table);

/// The header of a table to fill in and two example rows, which are marked as simulated.
std::string table_template();

/// One `--where` condition: `column OP value`, OP of = != < <= > >=. Columns of numbers compare as numbers,
/// text by = and != only; an unknown column compares as numbers where cell and value are both numbers, else
/// as text. `layout` compares as a layout, whatever columns state it. A blank cell matches only `column=`.
struct Condition {
  std::string column;
  std::string op;
  std::string value;
};
Condition parse_condition(std::string_view text);  ///< throws Error (usage)
/// Rows that satisfy every condition. Throws Error (usage) for a column that the table does not have
/// (naming the near one) or a value that cannot be compared, and Error (bad input) if no row is left, naming
/// the texts there are where they are few.
Table where(const Table& table, std::span<const Condition> conditions);

}  // namespace energylens::table
