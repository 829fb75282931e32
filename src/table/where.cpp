// SPDX-License-Identifier: Apache-2.0
// Each condition becomes one test of a row; a row stays if all agree. Held by where_test.cpp.
#include <algorithm>
#include <array>
#include <functional>

#include "energylens/core/error.hpp"
#include "energylens/core/nearest_name.hpp"
#include "table/builder.hpp"
#include "table/layout_of.hpp"
#include "table/shown.hpp"

namespace energylens::table {
namespace {

using RowTest = std::function<bool(std::size_t row)>;

template <class T>
bool compares(const T& cell, std::string_view op, const T& value) {
  if (op == "=") return cell == value;
  if (op == "!=") return cell != value;
  if (op == "<") return cell < value;
  if (op == "<=") return cell <= value;
  if (op == ">") return cell > value;
  return cell >= value;
}

bool is_order(std::string_view op) {
  return op.front() == '<' || op.front() == '>';
}

[[noreturn]] void refuse_value(const Condition& condition, const std::string& why) {
  throw Error::usage("condition " + shown(condition.column + condition.op + condition.value) + ": " + why);
}

double wanted_number(const Condition& condition) {
  const std::optional<double> value = parse_number(condition.value);
  if (!value) refuse_value(condition, "\"" + shown(condition.value) + "\" is not a number");
  return *value;
}

/// `column=` finds the blank cells, `column!=` the others.
RowTest blank_test(const Condition& condition, const RowTest& is_blank) {
  if (is_order(condition.op)) refuse_value(condition, "a value is missing");
  return [is_blank, wanted = condition.op == "="](std::size_t row) { return is_blank(row) == wanted; };
}

RowTest number_test(const Table& table, Column column, const Condition& condition) {
  const std::span<const double> cells = table.numbers(column);
  if (condition.value.empty()) {
    return blank_test(condition, [cells](std::size_t row) { return !known(cells[row]); });
  }
  return [cells, op = condition.op, value = wanted_number(condition)](std::size_t row) {
    return known(cells[row]) && compares(cells[row], op, value);
  };
}

RowTest text_test(const Table& table, Column column, const Condition& condition) {
  if (is_order(condition.op))
    refuse_value(condition, "this column holds text, which compares by = and != only");
  const auto cell = [&table, column](std::size_t row) { return table.text(column, row); };
  if (condition.value.empty()) {
    return blank_test(condition, [cell](std::size_t row) { return cell(row).empty(); });
  }
  return [cell, op = condition.op, value = condition.value](std::size_t row) {
    return !cell(row).empty() && compares<std::string_view>(cell(row), op, value);
  };
}

RowTest unknown_test(const TextColumn& column, const Condition& condition) {
  if (condition.value.empty()) {
    return blank_test(condition, [&column](std::size_t row) { return column[row].empty(); });
  }
  const std::optional<double> number = parse_number(condition.value);
  if (is_order(condition.op) && !number) wanted_number(condition);
  return [&column, op = condition.op, value = condition.value, number](std::size_t row) {
    const std::string& cell = column[row];
    if (cell.empty()) return false;
    const std::optional<double> cell_number = number ? parse_number(cell) : std::nullopt;
    if (cell_number) return compares(*cell_number, op, *number);
    return !is_order(op) && compares(cell, op, value);
  };
}

RowTest layout_test(const Table& table, const Condition& condition) {
  if (is_order(condition.op)) refuse_value(condition, "layouts compare by = and != only");
  return [&table, op = condition.op, value = parse_layout(condition.value)](std::size_t row) {
    return compares(layout_of(table, row), op, value);
  };
}

[[noreturn]] void refuse_column(const Table& table, const std::string& name) {
  std::vector<std::string_view> names;
  for (const ColumnInfo& column : columns()) {
    if (table.has(column.column)) names.push_back(column.name);
  }
  for (const TextColumn& column : table.unknown_columns()) names.push_back(column.name);
  const std::optional<std::string> near = nearest_name(name, names);
  throw Error::usage("the table has no column \"" + shown(name) + "\"" +
                     (near ? "; did you mean \"" + shown(*near) + "\"?" : ""));
}

RowTest make_test(const Table& table, const Condition& condition) {
  const std::optional<Column> column = find_column(condition.column);
  if (column == Column::layout) return layout_test(table, condition);
  if (column && table.has(*column)) {
    return info(*column).type == ColumnType::number ? number_test(table, *column, condition)
                                                    : text_test(table, *column, condition);
  }
  for (const TextColumn& unknown : table.unknown_columns()) {
    if (unknown.name == condition.column) return unknown_test(unknown, condition);
  }
  refuse_column(table, condition.column);
}

/// The texts of a column in order of appearance, if there are few; of numbers and of many texts nothing.
std::string few_texts(const Table& table, std::string_view name) {
  constexpr std::size_t kFew = 8;
  const std::optional<Column> column = find_column(name);
  if (!column || !table.has(*column) || info(*column).type != ColumnType::text) return "";
  std::vector<std::string_view> texts;
  for (std::size_t row = 0; row < table.rows() && texts.size() <= kFew; ++row) {
    const std::string_view cell = table.text(*column, row);
    if (!cell.empty() && std::ranges::find(texts, cell) == texts.end()) texts.push_back(cell);
  }
  if (texts.empty() || texts.size() > kFew) return "";
  std::string listed;
  for (const std::string_view text : texts) listed += (listed.empty() ? "" : ", ") + shown(text);
  return "; " + std::string(name) + " is " + listed;
}

/// What the first condition that no row satisfies could have asked for.
std::string there_is(const Table& table, std::span<const Condition> conditions,
                     std::span<const RowTest> tests) {
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    bool any = false;
    for (std::size_t row = 0; row < table.rows() && !any; ++row) any = tests[i](row);
    if (!any) return few_texts(table, conditions[i].column);
  }
  return "";
}

std::string all_texts(std::span<const Condition> conditions) {
  std::string text;
  for (const Condition& condition : conditions) {
    text += (text.empty() ? "" : " and ") + shown(condition.column + condition.op + condition.value);
  }
  return text;
}

}  // namespace

Condition parse_condition(std::string_view text) {
  constexpr std::array<std::string_view, 6> kOperators = {"!=", "<=", ">=", "=", "<", ">"};
  const std::size_t begin = std::min(text.find_first_of("=<>"), text.find("!="));
  if (begin == 0 || begin == std::string_view::npos) {
    throw Error::usage('"' + shown(text) + "\" is not a condition such as gpu=H100 or batch>=8");
  }
  const std::string_view rest = text.substr(begin);
  const auto op = std::find_if(kOperators.begin(), kOperators.end(),
                               [&](std::string_view each) { return rest.starts_with(each); });
  return {std::string(text.substr(0, begin)), std::string(*op), std::string(rest.substr(op->size()))};
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
    throw Error::bad_input({file, 0, {}}, "no rows" + after + there_is(table, conditions, tests));
  }
  return TableBuilder::select(table, rows);
}

}  // namespace energylens::table
