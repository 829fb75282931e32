// SPDX-License-Identifier: Apache-2.0
// The header once, then records checked for their width. Held by tests/io/sheet_test.cpp.
#include "io/sheet.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::io {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

/// UTF-16 begins with a byte-order mark, or has a NUL next to its first letter.
bool is_utf16(std::string_view text) {
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         text.substr(0, 2).find('\0') != std::string_view::npos;
}

}  // namespace

Sheet::Sheet(std::string_view text, const std::string& file)
    : text_(without_mark(text)), file_(file), records_(text_, file) {
  if (is_utf16(text))
    throw Error::bad_input({file_, 0, {}},
                           "the file is UTF-16, as redirection in PowerShell writes it; save it as UTF-8");
  if (!records_.next()) throw Error::bad_input({file_, 0, {}}, "the file is empty");
  if (records_.cells().size() == 1 && records_.cells().front().find(';') != std::string_view::npos)
    throw Error::bad_input({file_, records_.line(), {}},
                           "cells are separated by semicolons; use commas, and points in numbers");
  if (records_.cells().size() == 1 && records_.cells().front().find('\t') != std::string_view::npos)
    throw Error::bad_input({file_, records_.line(), {}},
                           "cells are separated by tabs; use commas, and points in numbers");
  constexpr std::size_t kMostColumns = 4096;  // of a log or a recording; names are looked up one by one
  if (records_.cells().size() > kMostColumns)
    throw Error::bad_input({file_, records_.line(), {}},
                           fmt::format("the header has {} columns; at most {} can be read",
                                       records_.cells().size(), kMostColumns));
  for (const std::string_view cell : records_.cells()) {
    std::string name = shown(trimmed(cell));
    if (find(name)) throw Error::bad_input({file_, records_.line(), name}, "duplicate column");
    names_.push_back(std::move(name));
  }
}

std::optional<std::size_t> Sheet::find(std::string_view name) const {
  const auto found = std::ranges::find(names_, name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

bool Sheet::next() {
  if (cut_off_ || !records_.next()) return false;
  const std::size_t cells = records_.cells().size();
  if (cells == names_.size()) return true;
  cut_off_ = cells < names_.size() && at_end_without_line_end();
  if (cut_off_) return false;
  throw Error::bad_input({file_, records_.line(), {}},
                         fmt::format("{}, but the header has {}", plural(cells, "cell"), names_.size()));
}

/// Whether the record just read is the last one, and the file ends in it.
bool Sheet::at_end_without_line_end() const {
  if (text_.ends_with('\n') || text_.ends_with('\r') || records_.cells().empty()) return false;
  const std::string_view last = records_.cells().back();
  return last.data() + last.size() == text_.data() + text_.size();
}

std::string_view Sheet::cell(std::optional<std::size_t> column) const {
  return column ? trimmed(records_.cells()[*column]) : std::string_view();
}

double Sheet::number(std::optional<std::size_t> column, std::string_view wanted) const {
  const std::string_view text = cell(column);
  if (text.empty()) return kUnknown;
  const std::optional<double> value = parse_number(text);
  if (!value) throw Error::bad_cell(place(column), shown(text), wanted);
  return *value;
}

Place Sheet::place(std::optional<std::size_t> column) const {
  return {file_, records_.line(), column ? names_[*column] : std::string()};
}

}  // namespace energylens::io
