// SPDX-License-Identifier: Apache-2.0
// One pass over the records; each cell goes straight into its typed column, so that nothing is stored twice.
// Single cells are checked here, whole rows in checks.cpp. Held by read_csv_test.cpp
// and, on broken bytes, by fuzz_replay_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <optional>
#include <vector>

#include "core/file.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"
#include "io/csv.hpp"
#include "table/builder.hpp"
#include "table/checks.hpp"
#include "table/header.hpp"
#include "table/mistakes.hpp"

namespace energylens::table {
namespace {

[[noreturn]] void refuse_byte(std::string_view text, std::size_t offset, const std::string& file,
                              const std::string& what) {
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
  throw Error::bad_input({file, static_cast<long>(line), {}}, what);
}

/// `text` without its byte-order mark. Throws Error for bytes that are not text.
std::string_view checked_text(std::string_view text, const std::string& file) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.empty()) throw Error::bad_input({file, 0, {}}, "the file is empty");
  const std::size_t nul = text.find('\0');
  if (nul != std::string_view::npos) refuse_byte(text, nul, file, "NUL byte; a CSV file is text");
  const std::size_t valid = utf8_prefix_length(text);
  if (valid < text.size()) refuse_byte(text, valid, file, "invalid UTF-8; a CSV file is text");
  return text;
}

std::string wanted_number(const ColumnInfo& column) {
  if (column.column == Column::simulated) return "0 or 1";
  const std::string wanted =
      fmt::format("a {} {} {}", column.whole ? "whole number" : "number",
                  column.min_allowed ? "of at least" : "above", number_text(column.min));
  return column.unit.empty() ? wanted : fmt::format("{}, in {}", wanted, column.unit);
}

/// Words that users write instead of leaving a cell blank.
bool means_blank(std::string_view cell) {
  constexpr std::array<std::string_view, 10> kWords = {"nan", "NaN", "NAN", "na",   "NA",
                                                       "n/a", "N/A", "-",   "null", "None"};
  return std::find(kWords.begin(), kWords.end(), cell) != kWords.end();
}

/// The number in a cell; kUnknown if it is not a number. Half of all cells are short counts, which are read without
/// a search for the nearest double.
double number_in(std::string_view cell) {
  constexpr std::size_t kExactDigits = 15;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (cell.size() > kExactDigits || !std::all_of(cell.begin(), cell.end(), is_digit)) {
    return parse_number(cell).value_or(kUnknown);
  }
  std::int64_t count = 0;
  for (const char digit : cell) count = 10 * count + (digit - '0');
  return static_cast<double>(count);
}

/// Where the cells of one column of the file go.
class CellSink {
 public:
  CellSink(NumberColumn& column, const ColumnInfo& column_info)
      : info_(&column_info), numbers_(&column.values) {}
  CellSink(TextColumn& column, const ColumnInfo* column_info)
      : info_(column_info), texts_(TextWriter(column)) {
    if (info_) words_ = allowed_words(info_->column);
  }

  void reserve(std::size_t rows) {
    if (numbers_) numbers_->reserve(rows);
    if (texts_) texts_->reserve(rows);
  }

  /// Appends the cell, or a blank in place of one that is refused, which is returned.
  std::optional<Error> append(std::string_view cell, const io::CsvRecords& records, const std::string& file) {
    if (!numbers_) {
      const bool allowed = words_.empty() || cell.empty() || std::ranges::find(words_, cell) != words_.end();
      texts_->append(allowed ? cell : std::string_view());
      return allowed ? std::nullopt : std::optional(wrong_word(cell, records, file));
    }
    const double number = cell.empty() ? kUnknown : number_in(cell);
    const bool allowed = cell.empty() || in_range(number);
    numbers_->push_back(allowed ? number : kUnknown);
    return allowed ? std::nullopt : std::optional(wrong_number(cell, records, file));
  }

 private:
  bool in_range(double number) const {
    const bool above_min = info_->min_allowed ? number >= info_->min : number > info_->min;
    if (!above_min) return false;  // also if it is not a number
    if (info_->column == Column::simulated && number > 1) return false;
    return !info_->whole || number == std::trunc(number);
  }

  Error wrong_number(std::string_view cell, const io::CsvRecords& records, const std::string& file) const {
    std::string wanted = wanted_number(*info_);
    if (means_blank(cell)) wanted += "; leave the cell blank if it was not measured";
    return Error::bad_cell({file, records.line(), std::string(info_->name)}, shown(cell), wanted);
  }

  Error wrong_word(std::string_view cell, const io::CsvRecords& records, const std::string& file) const {
    return Error::bad_cell({file, records.line(), std::string(info_->name)}, shown(cell),
                           "one of " + join(words_));
  }

  const ColumnInfo* info_;
  std::vector<double>* numbers_ = nullptr;
  std::optional<TextWriter> texts_;
  std::span<const std::string_view> words_;
};

/// At least as many rows as `text` can hold with this many cells each, unless its lines end in CR alone.
std::size_t most_rows(std::string_view text, std::size_t columns) {
  std::size_t lines = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    ++lines;
  }
  return std::min(lines, text.size() / columns);
}

/// Declares every column of the header; the sinks are where their cells go.
std::vector<CellSink> make_sinks(const Header& header, std::span<const std::string_view> names,
                                 TableBuilder& builder) {
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (!header[i]) builder.unknown_column(std::string(names[i]));
  }
  std::vector<CellSink> sinks;
  auto unknown = builder.unknown_columns().begin();
  for (const std::optional<Column>& column : header) {
    if (!column) {
      sinks.emplace_back(*unknown++, nullptr);
    } else if (info(*column).type == ColumnType::number) {
      sinks.emplace_back(builder.number_column(*column), info(*column));
    } else {
      sinks.emplace_back(builder.text_column(*column), &info(*column));
    }
  }
  return sinks;
}

/// Without blanks at both ends, which spreadsheets and hands leave.
std::string_view trimmed(std::string_view cell) {
  constexpr std::array<std::string_view, 3> kBlanks = {" ", "\t", "\xC2\xA0"};  // the last: no-break space
  const auto inner = [](char c) { return c > ' ' && c <= '~'; };  // of nearly all cells, at both ends
  if (!cell.empty() && inner(cell.front()) && inner(cell.back())) return cell;
  for (bool more = true; more;) {
    more = false;
    for (const std::string_view blank : kBlanks) {
      if (cell.starts_with(blank)) cell.remove_prefix(blank.size()), more = true;
      if (cell.ends_with(blank)) cell.remove_suffix(blank.size()), more = true;
    }
  }
  return cell;
}

/// A record that cannot be taken apart ends the file.
bool next_record(io::CsvRecords& records, Mistakes& mistakes) {
  try {
    return records.next();
  } catch (const Error& error) {
    mistakes.add(error);
    return false;
  }
}

}  // namespace

Table parse_csv(std::string_view text, const std::string& name, ResultColumns results) {
  io::CsvRecords records(checked_text(text, name), name);
  if (!records.next()) throw Error::bad_input({name, 0, {}}, "missing header line");
  TableBuilder builder;
  std::vector<std::string_view> names;
  std::ranges::transform(records.cells(), std::back_inserter(names), trimmed);
  const Header header = read_header(names, {name, records.line(), {}}, results);
  std::vector<CellSink> sinks = make_sinks(header, names, builder);
  const std::uint32_t file = builder.add_file(name);
  const std::size_t rows = most_rows(text, sinks.size());
  for (CellSink& sink : sinks) sink.reserve(rows);
  Mistakes mistakes;
  std::vector<bool> sound;  // by row: every cell was read
  while (!mistakes.too_many() && next_record(records, mistakes)) {
    const std::span<const std::string_view> cells = records.cells();
    if (cells.size() != sinks.size()) {
      mistakes.add(Error::bad_input(
          {name, records.line(), {}},
          fmt::format("{}, but the header has {}", plural(cells.size(), "cell"), sinks.size())));
      continue;
    }
    bool good = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view cell = trimmed(cells[i]);
      std::optional<Error> mistake = sinks[i].append(cell, records, name);
      if (!mistake) continue;
      mistakes.add(std::move(*mistake));
      good = false;
    }
    sound.push_back(good);
    builder.end_row(file, records.line());
  }
  Table table = builder.finish();
  check_rows(table, sound, mistakes);
  mistakes.throw_if_any();
  return table;
}

Table read_csv(const std::string& path) {
  const std::string text = read_file(path);
  return parse_csv(text, path == "-" ? "standard input" : path);
}

}  // namespace energylens::table
