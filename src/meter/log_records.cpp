// SPDX-License-Identifier: Apache-2.0
// Loggers are killed while they write, and started again on the same file. So a header may come at any line, and the last
// line may end anywhere: a number of it can be cut to a shorter one that is as good a number. Held by log_records_test.cpp.
#include "meter/log_records.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.hpp"
#include "io/sheet.hpp"

namespace energylens::meter {
namespace {

std::string_view without_blanks(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// A number and its unit, as they are written.
struct Shape {
  std::ptrdiff_t decimals = 0;
  std::string_view unit;
  bool is_number = false;
};

Shape shape_of(std::string_view cell) {
  Shape shape;
  std::size_t at = cell.starts_with('-') || cell.starts_with('+') ? 1 : 0;
  const std::size_t first = at;
  while (at < cell.size() && is_digit(cell[at])) ++at;
  shape.is_number = at > first;
  if (at < cell.size() && cell[at] == '.') {
    const std::size_t point = at++;
    while (at < cell.size() && is_digit(cell[at])) ++at;
    shape.decimals = static_cast<std::ptrdiff_t>(at - point - 1);
  }
  shape.unit = without_blanks(cell.substr(at));
  if (std::ranges::any_of(shape.unit, is_digit)) shape.is_number = false;
  return shape;
}

/// Whether two neighbouring cells may be one number, or one time of day, with a decimal comma.
bool is_like_decimal_comma(std::string_view whole, std::string_view fraction) {
  if (fraction.empty() || !is_digit(fraction.front()) || whole.empty()) return false;
  const Shape a = shape_of(without_blanks(whole)), b = shape_of(without_blanks(fraction));
  const bool is_time = whole.find(':') != std::string_view::npos && is_digit(whole.back());
  return b.is_number && b.decimals == 0 && b.unit.size() <= 3 &&
         (is_time || (a.is_number && a.unit.empty() && a.decimals == 0));
}

}  // namespace

bool is_whole_cell(std::string_view last, std::string_view above) {
  if (last == above || last.ends_with(']')) return true;
  const Shape a = shape_of(last), b = shape_of(above);
  if (!a.is_number || !b.is_number) return !a.is_number && last.size() >= above.size();
  return a.unit == b.unit && a.decimals == b.decimals && (!a.unit.empty() || a.decimals > 0);
}

std::string_view without_cut_line(std::string_view text) {
  const std::size_t last = text.find_last_of("\r\n") + 1;
  if (last == 0 || last == text.size()) return text;
  const std::size_t above_end = text.find_last_not_of("\r\n", last - 1) + 1;
  if (above_end == 0) return text;
  const std::size_t above = text.find_last_of("\r\n", above_end - 1) + 1;
  if (above == 0) return text;  // the line above is the header
  const auto last_cell = [](std::string_view line) { return line.substr(line.rfind(',') + 1); };
  const std::string_view line = text.substr(last);
  return is_whole_cell(last_cell(line), last_cell(text.substr(above, above_end - above)))
             ? text
             : text.substr(0, last);
}

LogRecords::LogRecords(std::string_view text, const std::string& file)
    : text_(without_byte_order_mark(text)), file_(file), records_(text_, file) {
  // The sheet checks encoding and separators; it reads the header alone.
  names_ = io::Sheet(text, file).names();
  records_.next();
  take_header();
}

void LogRecords::take_header() {
  ++headers_;
  header_line_ = records_.line();
  above_.clear();
  names_.clear();
  for (const std::string_view cell : records_.cells()) names_.push_back(shown(without_blanks(cell)));
}

bool LogRecords::is_header() const {
  return std::ranges::any_of(records_.cells(),
                             [](std::string_view cell) { return without_blanks(cell) == "timestamp"; });
}

bool LogRecords::at_end_without_line_end() const {
  if (text_.ends_with('\n') || text_.ends_with('\r') || records_.cells().empty()) return false;
  const std::string_view last = records_.cells().back();
  return last.data() + last.size() == text_.data() + text_.size();
}

Error LogRecords::wrong_width() const {
  const auto cells = records_.cells();
  std::string hint;
  for (std::size_t i = 1; i < cells.size() && cells.size() > names_.size() && hint.empty(); ++i) {
    if (is_like_decimal_comma(cells[i - 1], cells[i]))
      hint = fmt::format("; \"{},{}\" looks like a decimal comma: write points in numbers (LC_ALL=C)",
                         without_blanks(cells[i - 1]), without_blanks(cells[i]));
  }
  return Error::bad_input(
      {file_, records_.line(), {}},
      fmt::format("{}, but the header has {}{}", plural(cells.size(), "cell"), names_.size(), hint));
}

bool LogRecords::next() {
  while (!cut_off_ && records_.next()) {
    const auto cells = records_.cells();
    const bool last = at_end_without_line_end();
    if (is_header()) {
      if (last) return false;
      take_header();
      continue;
    }
    if (last && cells.size() <= names_.size()) {
      cut_off_ = cells.size() < names_.size() ||
                 (!above_.empty() && !is_whole_cell(without_blanks(cells.back()), above_));
      if (cut_off_) return false;
    }
    if (cells.size() != names_.size()) throw wrong_width();
    above_ = without_blanks(cells.back());
    return true;
  }
  return false;
}

std::string_view LogRecords::cell(std::optional<std::size_t> column) const {
  return column ? without_blanks(records_.cells()[*column]) : std::string_view();
}

Place LogRecords::place(std::optional<std::size_t> column) const {
  return {file_, records_.line(), column ? names_[*column] : std::string()};
}

}  // namespace energylens::meter
