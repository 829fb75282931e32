// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <span>
#include <string_view>

#include "energylens/expr/expr.hpp"
#include "energylens/expr/interval.hpp"

namespace energylens::expr {

/// How tightly a text form binds; also orders the levels of the grammar.
enum class Precedence { sum, product, sign, power, atom };

enum class Notation { left_infix, right_infix, prefix, function };

enum class UnitRule {
  same,  ///< equal units in, that unit out
  product,
  quotient,
  power,
  root,           ///< half the exponents
  keep,           ///< the operand's unit
  dimensionless,  ///< dimensionless in and out
  any_to_number,  ///< any unit in, dimensionless out
};

/// What a derivative rule sees of one node: operands, their derivatives, the node itself. Of a unary operator
/// `b` and `db` are 0.
struct Term {
  const Expr &a, &b, &da, &db, &self;
};

/// One row per operator: everything that is known about it.
struct Operator {
  Op op;
  std::string_view name;    ///< symbol or function name; also its postfix text
  std::string_view phrase;  ///< for messages: "add"
  int arity;
  Notation notation;
  Precedence precedence;
  double (*value)(double a, double b);
  Expr (*derivative)(const Term&);
  Interval (*interval)(const Interval& a, const Interval& b);
  UnitRule units;
  /// Text forms. %l %r: left (or only) and right operand, in parentheses where needed; %a %b: the same, bare.
  std::string_view infix, latex;
  Precedence latex_precedence;  ///< of the LaTeX form; `precedence` is that of the infix form
};

/// All operators, from Op::add on, in the order of Op.
std::span<const Operator> operators();
/// Requires: arity(op) > 0.
const Operator& operator_row(Op op);
/// The operator of this name and notation function, or none.
const Operator* find_function(std::string_view name);

}  // namespace energylens::expr
