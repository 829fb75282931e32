// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "io/csv.hpp"

namespace energylens::io {

/// A CSV file whose columns are found by name.
class Sheet {
 public:
  /// Reads the header; blanks around names are dropped. Throws Error (bad input) for an empty file, a name
  /// that occurs twice, semicolons or tabs in place of commas, or UTF-16.
  Sheet(std::string_view text, const std::string& file);

  const std::vector<std::string>& names() const { return names_; }
  std::optional<std::size_t> find(std::string_view name) const;

  /// Goes to the next record; false at the end. Throws Error (bad input) for a record that is longer or shorter than
  /// the header. A last record that is shorter and has no line end is a log that was cut off: it is skipped and
  /// `cut_off` is true.
  bool next();
  bool cut_off() const { return cut_off_; }
  /// A cell of this record without surrounding blanks; empty if there is no such column.
  std::string_view cell(std::optional<std::size_t> column) const;
  /// The number in a cell; kUnknown if it is empty. Throws Error (bad input) with its place for another text.
  double number(std::optional<std::size_t> column, std::string_view wanted) const;
  Place place(std::optional<std::size_t> column) const;
  long line() const { return records_.line(); }

 private:
  bool at_end_without_line_end() const;

  std::string_view text_;
  std::string file_;
  CsvRecords records_;
  std::vector<std::string> names_;
  bool cut_off_ = false;
};

using energylens::shown;

}  // namespace energylens::io
