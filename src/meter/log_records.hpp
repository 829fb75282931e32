// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/error.hpp"
#include "io/csv.hpp"

namespace energylens::meter {

/// Whether the last cell of a file that does not end in a line end is whole: it looks as the one above it does,
/// with the same unit, or with as many decimals. A number may otherwise have been cut inside its digits.
bool is_whole_cell(std::string_view last, std::string_view above);

/// `text` without a last line that is cut inside its last cell; all of it if there is none.
std::string_view without_cut_line(std::string_view text);

/// The records of a log in CSV. Its header may come again, with other columns in another order, as in a log that was
/// appended to another. A record with a cell `timestamp` is a header.
class LogRecords {
 public:
  /// Reads the header. Throws Error (bad input) for an empty file, other separators than commas, and UTF-16.
  LogRecords(std::string_view text, const std::string& file);

  /// Names of the columns that hold for the present record.
  const std::vector<std::string>& names() const { return names_; }
  /// Counts the headers up to the present record.
  int headers() const { return headers_; }
  Place header() const { return {file_, header_line_, {}}; }

  /// Goes to the next record that is not a header; false at the end. Throws Error (bad input) for a record that is
  /// longer or shorter than its header. A last record that is cut off is skipped, and `cut_off` is true.
  bool next();
  bool cut_off() const { return cut_off_; }
  /// A cell of this record without blanks around it; empty if there is no such column.
  std::string_view cell(std::optional<std::size_t> column) const;
  Place place(std::optional<std::size_t> column) const;

 private:
  bool is_header() const;
  void take_header();
  bool at_end_without_line_end() const;
  Error wrong_width() const;

  std::string_view text_;
  std::string file_;
  io::CsvRecords records_;
  std::vector<std::string> names_;
  std::string above_;  // the last cell of the record before
  int headers_ = 0;
  long header_line_ = 0;
  bool cut_off_ = false;
};

}  // namespace energylens::meter
