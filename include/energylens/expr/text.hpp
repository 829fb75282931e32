// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// The meaning of names in a formula.
struct ParseOptions {
  std::span<const std::string> parameters;  ///< these names are parameters, all others variables
  std::span<const std::string> variables;   ///< if any are given, no other variable is accepted
  std::string_view source = "formula";      ///< stands for the file in messages
};

/// Reads infix text: + - * / ^, parentheses, numbers, names, exp(x), log(x) (natural), sqrt(x), abs(x),
/// floor(x), ceil(x), step(x), sin(x), cos(x), tanh(x), asin(x), acos(x), min(x, y), max(x, y), and the
/// numbers inf and nan. ^ binds tightest and to the
/// right, then the sign, then * and /, then + and -: -x^2 is -(x^2), 2^-x is 2^(-x). A sign before a number
/// belongs to the number. Numbers are read exactly (nearest double). Throws Error (bad input) with line and
/// character: `formula:1:17: expected an operand`. Refuses more than 1,000 nested operands.
Expr parse(std::string_view text, const ParseOptions& options = {});

/// Infix text with the fewest parentheses and exact numbers: parse(print(e)) == e, given e's parameter names.
std::string print(const Expr& expr);

/// Postfix text: "a0 tp 2 ^ *"; the sign operator is written neg. parse_postfix(print_postfix(e)) == e.
Expr parse_postfix(std::string_view text, const ParseOptions& options = {});
std::string print_postfix(const Expr& expr);

/// LaTeX for math mode: "a_{0} \cdot \mathrm{tp}^{2}".
std::string print_latex(const Expr& expr);

}  // namespace energylens::expr
