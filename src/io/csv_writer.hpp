// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace energylens::io {

/// Writes CSV (RFC 4180) into a text: cell after cell, then the end of the row.
///
///     CsvWriter csv;
///     csv.row("layout", "energy_j");
///     csv.row("tp4, pp2", 12.5);        // "tp4, pp2",12.5
class CsvWriter {
 public:
  /// A text; in quotation marks if it holds a comma, a quotation mark or a line end.
  void cell(std::string_view text);
  /// A number so that it reads back exactly; an unknown one leaves the cell blank.
  void cell(double number);
  template <std::integral Whole>
  requires(!std::same_as<Whole, bool>) void cell(Whole number) { plain(std::to_string(number)); }
  void blank(std::size_t cells = 1);
  void end_row();

  template <class... Cells>
  void row(const Cells&... cells) {
    (cell(cells), ...);
    end_row();
  }

  const std::string& text() const& { return text_; }
  std::string text() && { return std::move(text_); }

 private:
  void plain(std::string_view text);

  std::string text_;
  bool row_begun_ = false;
};

}  // namespace energylens::io
