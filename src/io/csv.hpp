// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace energylens::io {

/// Reads the records of a CSV text one after the other: strict RFC 4180, except that a line may also end in LF or CR
/// alone and that blank lines are skipped. Blanks belong to their cell.
class CsvRecords {
 public:
  /// `text` must outlive the reader; `file` stands for it in messages.
  CsvRecords(std::string_view text, std::string file);
  CsvRecords(const CsvRecords&) = delete;
  CsvRecords& operator=(const CsvRecords&) = delete;
  ~CsvRecords();

  /// Goes to the next record; false at the end. Throws Error for a stray or missing quotation mark.
  bool next();
  /// The cells of the record; valid until the next call of `next`.
  std::span<const std::string_view> cells() const { return cells_; }
  /// The 1-based line that the record begins on.
  long line() const { return line_; }

 private:
  struct Quoted;  // the part of a record from its first quotation mark on

  std::size_t line_end() const;  // offset just behind the line that starts at offset_
  bool cut_plain_cells();
  void parse_quoted_cells();
  [[noreturn]] void refuse(std::size_t offset) const;

  std::string_view text_;
  std::string file_;
  std::size_t offset_ = 0;
  long next_line_ = 1, line_ = 0;
  std::vector<std::string_view> cells_;
  std::unique_ptr<Quoted> quoted_;
};

}  // namespace energylens::io
