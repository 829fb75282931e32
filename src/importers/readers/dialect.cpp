// SPDX-License-Identifier: Apache-2.0
// The separator is the first of tab, semicolon, bar and comma that the header has; else blanks. Held by readers_test.cpp.
#include "importers/readers/dialect.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace energylens::importers {
namespace {

std::string_view bare(std::string_view cell) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t' || cell.back() == '\r'))
    cell.remove_suffix(1);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') cell = cell.substr(1, cell.size() - 2);
  return cell;
}

char separator_of(std::string_view line) {
  for (const char c : {'\t', ';', '|', ','}) {
    if (line.find(c) != line.npos) return c;
  }
  return ' ';
}

}  // namespace

std::string plain_column(std::string_view name) {
  const std::size_t unit = std::min(name.find(" ["), name.find(" ("));
  std::string plain = lower_case(bare(name.substr(0, unit)));
  return plain;
}

double unit_factor(std::string_view name) {
  const std::size_t open = name.find_last_of("[(");
  std::string_view unit = name.substr(open == name.npos ? name.find_last_of(' ') + 1 : open + 1);
  if (!unit.empty() && (unit.back() == ']' || unit.back() == ')')) unit.remove_suffix(1);
  for (const auto& [text, factor] : {std::pair<std::string_view, double>{"mW", 1e-3},
                                     {"uW", 1e-6},
                                     {"kW", 1e3},
                                     {"mJ", 1e-3},
                                     {"uJ", 1e-6},
                                     {"kJ", 1e3},
                                     {"MJ", 1e6},
                                     {"Wh", 3600},
                                     {"kWh", 3.6e6}}) {
    if (unit == text) return factor;
  }
  return 1;
}

DialectSheet::DialectSheet(std::string_view text, const std::string& file,
                           const std::vector<std::string>& names)
    : text_(text), file_(file) {
  if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  if (!names.empty()) {
    names_ = names;
    has_header_ = false;
    std::string_view peek = text_;
    peek.remove_prefix(std::min(peek.find_first_not_of("\r\n"), peek.size()));
    separator_ = separator_of(peek.substr(0, peek.find('\n')));
    return;
  }
  if (!read_line()) throw Error::bad_input({file, 0, {}}, "the file is empty");
  while (line_text_.starts_with('#')) line_text_.remove_prefix(1);
  separator_ = separator_of(line_text_);
  split(line_text_);
  for (const std::string_view cell : cells_) names_.push_back(shown(cell));
}

bool DialectSheet::read_line() {
  while (!text_.empty()) {
    const std::size_t end = text_.find('\n');
    last_has_no_end_ = end == text_.npos;
    line_text_ = text_.substr(0, end);
    text_.remove_prefix(last_has_no_end_ ? text_.size() : end + 1);
    ++line_;
    if (!bare(line_text_).empty()) return true;
  }
  return false;
}

void DialectSheet::split(std::string_view line) {
  cells_.clear();
  line = bare(line);
  if (separator_ == '|' && line.starts_with('|')) line.remove_prefix(1);
  if (separator_ == '|' && line.ends_with('|')) line.remove_suffix(1);
  while (true) {
    if (separator_ == ' ') line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (separator_ == ',' && line.find('"') != line.npos) {
      const std::string_view trimmed = line.substr(std::min(line.find_first_not_of(' '), line.size()));
      if (const std::size_t close = trimmed.starts_with('"') ? trimmed.find('"', 1) : trimmed.npos;
          close != trimmed.npos) {
        cells_.push_back(trimmed.substr(1, close - 1));
        line = trimmed.substr(close + 1);
        const std::size_t comma = line.find(',');
        if (comma == line.npos) return;
        line.remove_prefix(comma + 1);
        continue;
      }
    }
    const std::size_t end = line.find(separator_);
    cells_.push_back(bare(line.substr(0, end)));
    if (end == line.npos) return;
    line.remove_prefix(end + 1);
  }
}

std::optional<std::size_t> DialectSheet::find(std::initializer_list<std::string_view> wanted) const {
  for (const std::string_view name : wanted) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (plain_column(names_[i]) == name || lower_case(names_[i]) == name) return i;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> DialectSheet::find_containing(std::string_view part) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (lower_case(names_[i]).find(part) != std::string::npos) return i;
  }
  return std::nullopt;
}

bool DialectSheet::next() {
  while (read_line()) {
    if (line_text_.starts_with('#')) continue;
    split(line_text_);
    if (has_header_ && cells_.front() == names_.front() && cells_.size() == names_.size()) continue;
    if (cells_.size() == names_.size()) return true;
    if (last_has_no_end_ && cells_.size() < names_.size()) {
      cut_off_ = true;
      return false;
    }
    if (cells_.size() == names_.size() + 1 && cells_.back().empty()) return true;
    const bool decimal_commas = separator_ == ',' && cells_.size() > names_.size();
    throw Error::bad_input({file_, line_, {}},
                           plural(cells_.size(), "cell") + ", but the header has " +
                               std::to_string(names_.size()) +
                               (decimal_commas ? "; are there decimal commas? record with LC_ALL=C" : ""));
  }
  return false;
}

std::string_view DialectSheet::cell(std::optional<std::size_t> column) const {
  return column && *column < cells_.size() ? cells_[*column] : std::string_view();
}

Place DialectSheet::place(std::optional<std::size_t> column) const {
  return {file_, line_, column && *column < names_.size() ? names_[*column] : std::string()};
}

}  // namespace energylens::importers
