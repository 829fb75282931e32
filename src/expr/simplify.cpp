// SPDX-License-Identifier: Apache-2.0
// simplify.cpp: one pass from the leaves to the root; each operator is rebuilt over its simplified operands
// by the first rule that applies. Every rule shortens the tree or leaves it as it is, and differs from the
// original only where that is NaN, or in the sign of a zero. Held by the properties in
// tests/expr/simplify_test.cpp and by SymPy.
#include "expr/simplify.hpp"

#include <cassert>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "expr/algebra.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

std::optional<Expr> folded(Op op, double a, double b) {
  const double value = operator_row(op).value(a, b);
  if (!std::isfinite(value)) return std::nullopt;
  return Expr::constant(value);
}

bool is(const Expr& e, Op op) {
  return e.root().op == op;
}

Expr simplified_sum(Expr a, const Expr& b) {
  if (a.is_constant(0)) return b;
  if (b.is_constant(0)) return a;
  if (is(b, Op::negate)) return simplified(Op::subtract, std::move(a), b.left());
  if (is(a, Op::negate)) return simplified(Op::subtract, b, a.left());
  return Expr::apply(Op::add, std::move(a), b);
}

Expr simplified_difference(Expr a, const Expr& b) {
  if (b.is_constant(0)) return a;
  if (a.is_constant(0)) return simplified(Op::negate, b);
  if (a == b) return Expr::constant(0);
  if (is(b, Op::negate)) return simplified(Op::add, std::move(a), b.left());
  return Expr::apply(Op::subtract, std::move(a), b);
}

Expr simplified_product(Expr a, const Expr& b) {
  if (a.is_constant(0) || b.is_constant(0)) return Expr::constant(0);
  if (a.is_constant(1)) return b;
  if (b.is_constant(1)) return a;
  if (a.is_constant(-1)) return simplified(Op::negate, b);
  if (b.is_constant(-1)) return simplified(Op::negate, std::move(a));
  if (is(a, Op::negate) && is(b, Op::negate)) return simplified(Op::multiply, a.left(), b.left());
  return Expr::apply(Op::multiply, std::move(a), b);
}

Expr simplified_quotient(Expr a, const Expr& b) {
  if (b.is_constant(1)) return a;
  if (b.is_constant(-1)) return simplified(Op::negate, std::move(a));
  if (a.is_constant(0) && !b.is_constant(0)) return Expr::constant(0);
  if (a == b && !b.is_constant(0)) return Expr::constant(1);
  if (is(a, Op::negate) && is(b, Op::negate)) return simplified(Op::divide, a.left(), b.left());
  return Expr::apply(Op::divide, std::move(a), b);
}

Expr simplified_power(Expr a, const Expr& b) {
  if (b.is_constant(0) || a.is_constant(1)) return Expr::constant(1);
  if (b.is_constant(1)) return a;
  return Expr::apply(Op::power, std::move(a), b);
}

}  // namespace

Expr simplified(Op op, Expr a) {
  if (a.is_constant()) {
    if (std::optional<Expr> number = folded(op, a.root().value(), 0)) return *std::move(number);
  }
  if (op == Op::negate && is(a, Op::negate)) return a.left();
  if (op == Op::negate && is(a, Op::subtract)) return simplified(Op::subtract, a.right(), a.left());
  if (op == Op::abs && is(a, Op::abs)) return a;
  if (op == Op::abs && is(a, Op::negate)) return simplified(Op::abs, a.left());
  return Expr::apply(op, std::move(a));
}

Expr simplified(Op op, Expr a, const Expr& b) {
  if (a.is_constant() && b.is_constant()) {
    if (std::optional<Expr> number = folded(op, a.root().value(), b.root().value()))
      return *std::move(number);
  }
  switch (op) {
    case Op::add:
      return simplified_sum(std::move(a), b);
    case Op::subtract:
      return simplified_difference(std::move(a), b);
    case Op::multiply:
      return simplified_product(std::move(a), b);
    case Op::divide:
      return simplified_quotient(std::move(a), b);
    case Op::power:
      return simplified_power(std::move(a), b);
    case Op::minimum:
    case Op::maximum:
      if (a == b) return a;
      [[fallthrough]];
    default:
      return Expr::apply(op, std::move(a), b);
  }
}

Expr simplify(const Expr& expr) {
  std::vector<Expr> operands;
  for (std::size_t i = 0; i < expr.size(); ++i) {
    const Op op = expr.nodes()[i].op;
    if (arity(op) == 0) {
      operands.push_back(expr.subtree(i));
    } else if (arity(op) == 1) {
      operands.back() = simplified(op, std::move(operands.back()));
    } else {
      const Expr right = std::move(operands.back());
      operands.pop_back();
      operands.back() = simplified(op, std::move(operands.back()), right);
    }
  }
  assert(operands.size() == 1);
  return std::move(operands.back());
}

}  // namespace energylens::expr
