// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/io/condition.hpp"
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

  /// The file and the 1-based line of a row.
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

/// Reads one CSV file with a header (UTF-8, RFC 4180 quoting); "-" is standard input. A line may end in LF, CRLF or CR; a
/// byte-order mark, blank lines and blanks around names and cells are skipped; a header alone is a table without rows. The
/// column `batch` and one energy or time are required. Throws an Error that holds all mistakes, with file:line:column, for
/// - an empty file, bytes that are not UTF-8 text, a missing required column, a duplicate column, a row that is
///   longer or shorter than the header;
/// - a cell that is not a number in the range of its column, NaN, an unknown `row_kind`, `role` or layout;
/// - a layout that contradicts itself or num_gpus, more image or cached tokens than isl;
/// - a power per GPU outside 5 W to 5 kW or above a stated limit, a phase with more energy or time than its total, phases
///   that do not add up to their total, a mean power that is not energy over time, an energy per token or request that
///   contradicts the total, a steady batch that is not rate times latency, a latency longer than the job, idle above load;
/// - an unknown column that resembles a known one which the table lacks, is its name in other tools ("duration"), or is in
///   another unit ("latency_ms"). Other unknown columns are kept.
Table read_csv(const std::string& path);
/// The same for text in memory; `name` stands for the file in messages. With `ResultColumns::optional` no energy or time
/// is required: such a table lists what to measure.
enum class ResultColumns { required, optional };
Table parse_csv(std::string_view text, const std::string& name,
                ResultColumns results = ResultColumns::required);
/// The rows of all tables, with the union of their columns.
Table concatenate(std::vector<Table> tables);

/// The table as CSV (known columns that are present first, then unknown ones) or as a JSON array of objects
/// (blank = null). Reading either back gives an equal table, except for the places of its rows.
std::string to_csv(const Table& table);
std::string to_json(const Table& table);

/// The header of an empty table and two example rows, which are marked as simulated.
std::string table_template();

using io::Condition;
using io::parse_condition;
/// Rows that satisfy every condition. Columns of numbers compare as numbers, text by = and != only; a column of
/// the user's own compares as numbers where the cell and the value are both numbers, else as text. `layout`
/// compares as a layout, whichever columns state it. A blank cell matches only `column=`. Throws Error (usage) for
/// an unknown column or a value that cannot be compared, and Error (bad input) if no row is left, listing the texts
/// of the column if there are few.
Table where(const Table& table, std::span<const Condition> conditions);

}  // namespace energylens::table
