// SPDX-License-Identifier: Apache-2.0
#pragma once
// The slow, obvious evaluator that every other way to evaluate is held against: recursion over subtrees, in
// any number type with the functions below. `double` uses the values of the operator table; `Dual` carries a
// derivative by the textbook rules; `long double` uses the C library.
#include <cmath>
#include <map>
#include <string>

#include "energylens/expr/expr.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {

/// A value and its derivative with respect to one name.
struct Dual {
  double value = 0, slope = 0;
};

inline double applied(Op op, double a, double b) {
  return operator_row(op).value(a, b);
}

inline long double applied(Op op, long double a, long double b) {
  const bool nan = std::isnan(a) || (arity(op) == 2 && std::isnan(b));
  switch (op) {
    case Op::add:
      return a + b;
    case Op::subtract:
      return a - b;
    case Op::multiply:
      return a * b;
    case Op::divide:
      return a / b;
    case Op::power:
      return std::pow(a, b);
    case Op::minimum:
      return nan ? NAN : std::fmin(a, b);
    case Op::maximum:
      return nan ? NAN : std::fmax(a, b);
    case Op::negate:
      return -a;
    case Op::exp:
      return std::exp(a);
    case Op::log:
      return std::log(a);
    case Op::sqrt:
      return std::sqrt(a);
    case Op::abs:
      return std::fabs(a);
    case Op::floor:
      return std::floor(a);
    case Op::ceil:
      return std::ceil(a);
    case Op::step:
      return nan ? NAN : (a > 0) - 0.5L * (a == 0) + (a == 0);
    case Op::sin:
      return std::sin(a);
    case Op::cos:
      return std::cos(a);
    case Op::tanh:
      return std::tanh(a);
    case Op::asin:
      return std::asin(a);
    case Op::acos:
      return std::acos(a);
    default:
      return NAN;
  }
}

inline double power_slope(Dual a, Dual b, double value) {
  const double by_base = a.slope == 0 ? 0 : b.value * std::pow(a.value, b.value - 1) * a.slope;
  const double by_exponent = b.slope == 0 ? 0 : value * std::log(a.value) * b.slope;
  return by_base + by_exponent;
}

inline double mixed(double left, double right, Dual a, Dual b) {
  return left == right ? (a.slope + b.slope) / 2 : (left < right ? a.slope : b.slope);
}

inline Dual applied(Op op, Dual a, Dual b) {
  const double value = applied(op, a.value, b.value);
  switch (op) {
    case Op::add:
      return {value, a.slope + b.slope};
    case Op::subtract:
      return {value, a.slope - b.slope};
    case Op::multiply:
      return {value, a.slope * b.value + a.value * b.slope};
    case Op::divide:
      return {value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
    case Op::power:
      return {value, power_slope(a, b, value)};
    case Op::minimum:
      return {value, mixed(a.value, b.value, a, b)};
    case Op::maximum:
      return {value, mixed(b.value, a.value, a, b)};
    case Op::negate:
      return {value, -a.slope};
    case Op::exp:
      return {value, value * a.slope};
    case Op::log:
      return {value, a.slope / a.value};
    case Op::sqrt:
      return {value, a.slope / (2 * value)};
    case Op::abs:
      return {value, a.value == 0 ? 0 : std::copysign(1.0, a.value) * a.slope};
    case Op::sin:
      return {value, std::cos(a.value) * a.slope};
    case Op::cos:
      return {value, -std::sin(a.value) * a.slope};
    case Op::tanh:
      return {value, a.slope / (std::cosh(a.value) * std::cosh(a.value))};
    case Op::asin:
      return {value, a.slope / std::sqrt(1 - a.value * a.value)};
    case Op::acos:
      return {value, -a.slope / std::sqrt(1 - a.value * a.value)};
    default:
      return {value, 0};  // floor, ceil, step
  }
}

template <typename Number>
Number reference_value(const Expr& expr, const std::map<std::string, Number>& values) {
  const Node& root = expr.root();
  if (root.op == Op::constant) return Number{root.value()};
  if (arity(root.op) == 0) return values.at(expr.name(root));
  const Number a = reference_value(expr.left(), values);
  if (arity(root.op) == 1) return applied(root.op, a, Number{});
  return applied(root.op, a, reference_value(expr.right(), values));
}

/// Whether the value of `expr` and of every part of it is finite.
inline bool wholly_finite(const Expr& expr, const std::map<std::string, double>& values) {
  for (std::size_t i = 0; i < expr.size(); ++i) {
    if (!std::isfinite(reference_value(expr.subtree(i), values))) return false;
  }
  return true;
}

}  // namespace energylens::expr
