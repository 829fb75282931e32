// SPDX-License-Identifier: Apache-2.0
// derivative.cpp: forward through the postfix array, keeping the derivative of every operand on a stack; the
// rule of each operator is in the operator table. Held by tests/expr/derivative_test.cpp against dual numbers
// and central differences, and by SymPy.
#include <cassert>
#include <utility>
#include <vector>

#include "expr/algebra.hpp"
#include "expr/operators.hpp"

namespace energylens::expr {
namespace {

// An operand and its derivative.
struct WithDerivative {
  Expr self, derivative;
};

Expr differentiated(Op op, const WithDerivative& a, const WithDerivative& b, const Expr& self) {
  if (a.derivative.is_constant(0) && b.derivative.is_constant(0)) return Expr::constant(0);
  return operator_row(op).derivative({a.self, b.self, a.derivative, b.derivative, self});
}

}  // namespace

Expr derivative(const Expr& expr, std::string_view name) {
  std::vector<WithDerivative> operands;
  for (std::size_t i = 0; i < expr.size(); ++i) {
    const Node& node = expr.nodes()[i];
    const int operand_count = arity(node.op);
    WithDerivative result{expr.subtree(i), Expr::constant(0)};
    if (operand_count == 0) {
      const bool wanted = node.op != Op::constant && expr.name(node) == name;
      result.derivative = Expr::constant(wanted ? 1 : 0);
    } else {
      const WithDerivative none;
      const WithDerivative& a = operands[operands.size() - static_cast<std::size_t>(operand_count)];
      const WithDerivative& b = operand_count == 2 ? operands.back() : none;
      result.derivative = differentiated(node.op, a, b, result.self);
    }
    operands.resize(operands.size() - static_cast<std::size_t>(operand_count));
    operands.push_back(std::move(result));
  }
  assert(operands.size() == 1);
  return std::move(operands.back().derivative);
}

}  // namespace energylens::expr
