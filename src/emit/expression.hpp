// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <functional>
#include <string>
#include <string_view>

#include "calculation/calculation.hpp"

namespace energylens::emit {

/// Text forms of the operators, by Op. %l %r: left and right operand, in parentheses where they bind less tightly; %p %q:
/// the same, in parentheses unless they are a name, a number or a call; %a %b: bare.
using Forms = std::array<std::string_view, expr::kOps>;

/// How one family of languages writes expressions.
struct Notation {
  Forms forms;
  std::function<std::string(double)> number;            ///< unknown numbers included
  std::function<std::string(const std::string&)> name;  ///< of an input, a constant or a step
  /// Another form for some operands, "" for none; where a language treats numbers and series differently.
  std::string_view (*form_of)(expr::Op op, bool left_is_number, bool right_is_number) = nullptr;
};

/// Forms of C with functions of their usual names; `changes` replaces some.
Forms forms_of_c(std::initializer_list<std::pair<expr::Op, std::string_view>> changes = {});

/// An expression in that notation. Operations keep their order, so that rounding does too.
std::string text_of(const expr::Expr& formula, const Notation& notation);
/// The same, in parentheses unless it is a name, a number or a call.
std::string operand_of(const expr::Expr& formula, const Notation& notation);

/// A template in which each of `%x` is replaced by the text of that letter.
std::string filled(std::string_view form, std::initializer_list<std::pair<char, std::string>> texts);

/// The number with a point or an exponent: "2.0", "1e+18".
std::string decimal_text(double value);

}  // namespace energylens::emit
