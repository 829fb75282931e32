// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "energylens/table/table.hpp"

namespace energylens::table {

/// Appends cells to a text column; each distinct text is stored once. Refers to the column, which must stay in place.
class TextWriter {
 public:
  explicit TextWriter(TextColumn& column);
  void reserve(std::size_t rows) { column_->codes.reserve(rows); }
  void append(std::string_view cell);

 private:
  std::uint32_t code_of(std::string_view cell);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  TextColumn* column_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> codes_;
  std::uint32_t last_ = 0;
};

/// Builds a table: declare the columns, append one cell to each per row, end the row.
class TableBuilder {
 public:
  /// Declares a known column and returns where its cells go. References stay valid until the next
  /// `unknown_column` (for unknown ones) or `finish`. Requires: not declared before, of that type.
  NumberColumn& number_column(Column column);
  TextColumn& text_column(Column column);
  void unknown_column(std::string name);
  std::vector<TextColumn>& unknown_columns() { return table_.unknown_; }

  /// The number of a file, for end_row.
  std::uint32_t add_file(std::string name);
  void end_row(std::uint32_t file, long line);
  Table finish() { return std::move(table_); }

  /// The given rows of a table, in that order.
  static Table select(const Table& table, std::span<const std::size_t> rows);
  /// Appends all rows of `part` to `whole`, under the union of their columns.
  static void append(Table& whole, const Table& part);

 private:
  Table table_;
};

}  // namespace energylens::table
