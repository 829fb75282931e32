// SPDX-License-Identifier: Apache-2.0
// The one meaning of `--where`: rows of a table, groups of a model file and lines of any CSV file are selected by
// it. Held by condition_test.cpp.
#include "energylens/io/condition.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "core/text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::io {
namespace {

bool is_order(std::string_view op) {
  return op.front() == '<' || op.front() == '>';
}

}  // namespace

Condition parse_condition(std::string_view text) {
  constexpr std::array<std::string_view, 6> kOperators = {"!=", "<=", ">=", "=", "<", ">"};
  const std::size_t begin = std::min(text.find_first_of("=<>"), text.find("!="));
  if (begin == 0 || begin == std::string_view::npos)
    throw Error::usage(quote(text) + " is not a condition such as gpu=H100 or batch>=8");
  const std::string_view rest = text.substr(begin);
  const auto op =
      std::ranges::find_if(kOperators, [&](std::string_view each) { return rest.starts_with(each); });
  return {std::string(text.substr(0, begin)), std::string(*op), std::string(rest.substr(op->size()))};
}

void refuse_condition(const Condition& condition, const std::string& why) {
  throw Error::usage("condition " + shown(condition.column + condition.op + condition.value) + ": " + why);
}

CellTest::CellTest(const Condition& condition, CellKind kind)
    : kind_(kind), op_(condition.op), value_(condition.value) {
  if (is_order(op_) && kind == CellKind::text)
    refuse_condition(condition, "this column contains text, which can only be compared with = and !=");
  if (value_.empty()) {
    if (is_order(op_)) refuse_condition(condition, "a value is missing");
    return;
  }
  if (kind == CellKind::text) return;
  number_ = parse_number(value_).value_or(kUnknown);
  if (!known(number_) && (kind == CellKind::number || is_order(op_)))
    refuse_condition(condition, quote(value_) + " is not a number");
}

template <class T>
bool CellTest::compares(const T& cell, const T& value) const {
  if (op_ == "=") return cell == value;
  if (op_ == "!=") return cell != value;
  if (op_ == "<") return cell < value;
  if (op_ == "<=") return cell <= value;
  if (op_ == ">") return cell > value;
  return cell >= value;
}

bool CellTest::holds(double cell) const {
  if (value_.empty()) return known(cell) == (op_ == "!=");
  return known(cell) && compares(cell, number_);
}

bool CellTest::holds(std::string_view cell) const {
  if (value_.empty()) return cell.empty() == (op_ == "=");
  if (cell.empty()) return false;
  const double number = known(number_) ? parse_number(cell).value_or(kUnknown) : kUnknown;
  if (known(number)) return compares(number, number_);
  return kind_ != CellKind::number && !is_order(op_) && compares<std::string_view>(cell, value_);
}

}  // namespace energylens::io
