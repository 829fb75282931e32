// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/error.hpp"

namespace energylens::importers {

/// A table in text whose columns are separated by commas, semicolons, tabs, bars or blanks, as the first lines show, with
/// or without a header. Numbers may have a decimal comma where the separator is another one. Quotation marks around cells
/// are dropped.
class DialectSheet {
 public:
  /// Names given by the caller stand for a header that the text lacks. Throws Error (bad input) for an empty text.
  DialectSheet(std::string_view text, const std::string& file, const std::vector<std::string>& names = {});

  const std::vector<std::string>& names() const { return names_; }
  /// A column whose name without unit is one of these, in their order; capital letters do not matter.
  std::optional<std::size_t> find(std::initializer_list<std::string_view> wanted) const;
  /// The same for columns whose name contains the text.
  std::optional<std::size_t> find_containing(std::string_view part) const;

  /// Goes to the next line that is no repeated header; false at the end. A last line that is cut off is skipped.
  bool next();
  bool cut_off() const { return cut_off_; }
  std::string_view cell(std::optional<std::size_t> column) const;
  Place place(std::optional<std::size_t> column) const;

 private:
  bool read_line();
  void split(std::string_view line);

  std::string_view text_;
  std::string file_;
  char separator_ = ',';
  std::vector<std::string> names_;
  std::vector<std::string_view> cells_;
  std::string_view line_text_;
  long line_ = 0;
  bool has_header_ = true, cut_off_ = false, last_has_no_end_ = false;
};

/// "power.draw [W]" without its unit, in lower case.
std::string plain_column(std::string_view name);
/// The unit of "Power (mW)", "power.draw [W]" or a cell "24.51 W" in watts or joules; 1 for none.
double unit_factor(std::string_view name);

}  // namespace energylens::importers
