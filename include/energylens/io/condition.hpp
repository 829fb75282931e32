// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "energylens/core/number_text.hpp"

namespace energylens::io {

/// One `--where` condition: `column OP value`, where OP is = != < <= > or >=.
struct Condition {
  std::string column;
  std::string op;
  std::string value;
};

/// Throws Error (usage) for a text that is not a condition.
Condition parse_condition(std::string_view text);

/// What the cells of a column are, which decides how they compare.
enum class CellKind {
  number,  ///< as numbers
  text,    ///< as text, by = and != only
  either,  ///< as numbers where the cell and the value are both numbers, else as text
};

/// A condition as a test of cells. A blank cell satisfies `column=` and nothing else; `column!=` is satisfied by
/// every other cell.
class CellTest {
 public:
  /// Throws Error (usage) if cells of this kind cannot be compared with the value.
  CellTest(const Condition& condition, CellKind kind);
  bool holds(double cell) const;  ///< of a number; an unknown one is blank
  bool holds(std::string_view cell) const;

 private:
  template <class T>
  bool compares(const T& cell, const T& value) const;

  CellKind kind_;
  std::string op_, value_;
  double number_ = kUnknown;  ///< of the value, if it is one
};

/// Throws Error (usage): `condition batch=many: "many" is not a number`.
[[noreturn]] void refuse_condition(const Condition& condition, const std::string& why);

}  // namespace energylens::io
