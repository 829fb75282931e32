// SPDX-License-Identifier: Apache-2.0
// Each condition becomes one test of a row; a row stays if all agree. Held by where_test.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/table/group.hpp"
#include "energylens/table/table.hpp"
#include "table/builder.hpp"
#include "table/layout_of.hpp"

namespace energylens::table {
namespace {

using RowTest = std::function<bool(std::size_t row)>;

RowTest number_test(const Table& table, Column column, const Condition& condition) {
  return [cells = table.numbers(column), test = io::CellTest(condition, io::CellKind::number)](
             std::size_t row) { return test.holds(cells[row]); };
}

RowTest text_test(const Table& table, Column column, const Condition& condition) {
  return [&table, column, test = TextTest(column, condition)](std::size_t row) {
    return test.holds(table.text(column, row));
  };
}

/// Whether a column holds text and no number.
bool holds_text(const TextColumn& column, std::size_t rows) {
  bool text = false;
  for (std::size_t row = 0; row < rows; ++row) {
    if (column[row].empty()) continue;
    if (parse_number(column[row])) return false;
    text = true;
  }
  return text;
}

RowTest unknown_test(const TextColumn& column, const Condition& condition, std::size_t rows) {
  if (condition.op != "=" && condition.op != "!=" && holds_text(column, rows))
    io::refuse_condition(condition, "this column contains text, which can only be compared with = and !=");
  return [&column, test = io::CellTest(condition, io::CellKind::either)](std::size_t row) {
    return test.holds(column[row]);
  };
}

RowTest layout_test(const Table& table, const Condition& condition) {
  if (condition.op != "=" && condition.op != "!=")
    io::refuse_condition(condition, "layouts can only be compared with = and !=");
  return [&table, equal = condition.op == "=", value = parse_layout(condition.value)](std::size_t row) {
    return (layout_of(table, row) == value) == equal;
  };
}

[[noreturn]] void refuse_column(const Table& table, const std::string& name) {
  std::vector<std::string_view> names;
  for (const ColumnInfo& column : columns()) {
    if (table.has(column.column)) names.push_back(column.name);
  }
  for (const TextColumn& column : table.unknown_columns()) names.push_back(column.name);
  throw Error::usage(unknown_name("column", name, names));
}

RowTest make_test(const Table& table, const Condition& condition) {
  const std::optional<Column> column = find_column(condition.column);
  if (column == Column::layout) return layout_test(table, condition);
  if (column && table.has(*column)) {
    return info(*column).type == ColumnType::number ? number_test(table, *column, condition)
                                                    : text_test(table, *column, condition);
  }
  for (const TextColumn& unknown : table.unknown_columns()) {
    if (unknown.name == condition.column) return unknown_test(unknown, condition, table.rows());
  }
  refuse_column(table, condition.column);
}

/// The texts of a column in order of appearance, if there are few; nothing for numbers and for many texts.
std::string few_texts(const Table& table, std::string_view name) {
  constexpr std::size_t kFew = 8;
  const std::optional<Column> column = find_column(name);
  if (!column || !table.has(*column) || info(*column).type != ColumnType::text) return "";
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < table.rows() && texts.size() <= kFew; ++row) {
    const std::string cell = shown(table.text(*column, row));
    if (!cell.empty() && std::ranges::find(texts, cell) == texts.end()) texts.push_back(cell);
  }
  if (texts.empty() || texts.size() > kFew) return "";
  return fmt::format("; {} is {}", name, fmt::join(texts, ", "));
}

/// The texts that the first condition without a matching row could ask for.
std::string available_texts(const Table& table, std::span<const Condition> conditions,
                            std::span<const RowTest> tests) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    bool any = false;
    for (std::size_t row = 0; row < table.rows() && !any; ++row) any = tests[i](row);
    if (!any) return few_texts(table, conditions[i].column);
  }
  return "";
}

std::string all_texts(std::span<const Condition> conditions) {
  std::vector<std::string> texts;
  for (const Condition& condition : conditions)
    texts.push_back(shown(condition.column + condition.op + condition.value));
  return join(texts, " and ");
}

}  // namespace

TextTest::TextTest(Column column, const io::Condition& condition)
    : column_(column),
      test_({condition.column, condition.op, normal_text(column, condition.value)}, io::CellKind::text) {}

bool TextTest::holds(std::string_view text) const {
  return test_.holds(std::string_view(normal_text(column_, text)));
}

Table where(const Table& table, std::span<const Condition> conditions) {
  std::vector<RowTest> tests;
  for (const Condition& condition : conditions) tests.push_back(make_test(table, condition));
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (std::all_of(tests.begin(), tests.end(), [row](const RowTest& test) { return test(row); })) {
      rows.push_back(row);
    }
  }
  if (rows.empty()) {
    const std::string after = conditions.empty() ? "" : " where " + all_texts(conditions);
    const std::string file = table.rows() > 0 ? table.file(0) : "";
    throw Error::bad_input({file, 0, {}}, "no rows" + after + available_texts(table, conditions, tests));
  }
  return TableBuilder::select(table, rows);
}

}  // namespace energylens::table
