// SPDX-License-Identifier: Apache-2.0
// Text is coded by a dictionary per column. Neighbouring rows mostly repeat a text, so the last code is tried
// before the dictionary. Held by table_test.cpp.
#include "table/builder.hpp"

#include <algorithm>
#include <cassert>

#include "energylens/core/number_text.hpp"

namespace energylens::table {

TextWriter::TextWriter(TextColumn& column) : column_(&column) {
  for (std::uint32_t code = 1; code < column.values.size(); ++code) codes_.emplace(column.values[code], code);
}

void TextWriter::append(std::string_view cell) {
  if (cell.empty()) {
    column_->codes.push_back(0);
    return;
  }
  if (column_->values[last_] != cell) last_ = code_of(cell);
  column_->codes.push_back(last_);
}

std::uint32_t TextWriter::code_of(std::string_view cell) {
  const auto found = codes_.find(cell);
  if (found != codes_.end()) return found->second;
  const auto code = static_cast<std::uint32_t>(column_->values.size());
  column_->values.emplace_back(cell);
  codes_.emplace(cell, code);
  return code;
}

NumberColumn& TableBuilder::number_column(Column column) {
  assert(info(column).type == ColumnType::number && !table_.has(column));
  NumberColumn& made = table_.numbers_[static_cast<std::size_t>(column)];
  made.name = info(column).name;
  return made;
}

TextColumn& TableBuilder::text_column(Column column) {
  assert(info(column).type == ColumnType::text && !table_.has(column));
  TextColumn& made = table_.texts_[static_cast<std::size_t>(column)];
  made.name = info(column).name;
  return made;
}

void TableBuilder::unknown_column(std::string name) {
  table_.unknown_.push_back({std::move(name), {}, {""}});
}

std::uint32_t TableBuilder::add_file(std::string name) {
  table_.files_.push_back(std::move(name));
  return static_cast<std::uint32_t>(table_.files_.size() - 1);
}

void TableBuilder::end_row(std::uint32_t file, long line) {
  table_.file_of_row_.push_back(file);
  table_.lines_.push_back(line);
  ++table_.rows_;
}

namespace {

template <class T>
std::vector<T> picked(const std::vector<T>& values, std::span<const std::size_t> rows) {
  std::vector<T> result;
  if (values.empty()) return result;
  result.reserve(rows.size());
  for (const std::size_t row : rows) result.push_back(values[row]);
  return result;
}

/// Appends the `added` cells of `part` to a column that has `before` cells once it is present.
void append_numbers(NumberColumn& whole, const NumberColumn& part, std::size_t before, std::size_t added) {
  if (whole.name.empty() && part.name.empty()) return;
  if (whole.name.empty()) {
    whole.name = part.name;
    whole.values.assign(before, kUnknown);
  }
  if (part.name.empty()) {
    whole.values.resize(before + added, kUnknown);
  } else {
    whole.values.insert(whole.values.end(), part.values.begin(), part.values.end());
  }
}

void append_texts(TextColumn& whole, const TextColumn& part, std::size_t before, std::size_t added) {
  if (whole.name.empty() && part.name.empty()) return;
  if (whole.name.empty()) {
    whole.name = part.name;
    whole.codes.assign(before, 0);
  }
  if (part.name.empty()) {
    whole.codes.resize(before + added, 0);
    return;
  }
  TextWriter writer(whole);
  for (const std::uint32_t code : part.codes) writer.append(part.values[code]);
}

const TextColumn* find(const std::vector<TextColumn>& columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const TextColumn& column) { return column.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

}  // namespace

Table TableBuilder::select(const Table& table, std::span<const std::size_t> rows) {
  Table result = table;
  result.rows_ = rows.size();
  for (NumberColumn& column : result.numbers_) column.values = picked(column.values, rows);
  for (TextColumn& column : result.texts_) column.codes = picked(column.codes, rows);
  for (TextColumn& column : result.unknown_) column.codes = picked(column.codes, rows);
  result.file_of_row_ = picked(result.file_of_row_, rows);
  result.lines_ = picked(result.lines_, rows);
  return result;
}

void TableBuilder::append(Table& whole, const Table& part) {
  const std::size_t before = whole.rows_;
  const std::size_t added = part.rows_;
  for (std::size_t i = 0; i < kColumns; ++i) {
    append_numbers(whole.numbers_[i], part.numbers_[i], before, added);
    append_texts(whole.texts_[i], part.texts_[i], before, added);
  }
  for (const TextColumn& column : part.unknown_) {
    if (!find(whole.unknown_, column.name)) {
      whole.unknown_.push_back({column.name, std::vector<std::uint32_t>(before, 0), {""}});
    }
  }
  const TextColumn absent;
  for (TextColumn& column : whole.unknown_) {
    const TextColumn* same = find(part.unknown_, column.name);
    append_texts(column, same ? *same : absent, before, added);
  }
  const auto first_file = static_cast<std::uint32_t>(whole.files_.size());
  whole.files_.insert(whole.files_.end(), part.files_.begin(), part.files_.end());
  for (const std::uint32_t file : part.file_of_row_) whole.file_of_row_.push_back(first_file + file);
  whole.lines_.insert(whole.lines_.end(), part.lines_.begin(), part.lines_.end());
  whole.rows_ += added;
}

}  // namespace energylens::table
