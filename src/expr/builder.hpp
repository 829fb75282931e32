// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>
#include <vector>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// Makes an expression node by node in postfix order, in linear time.
class Builder {
 public:
  void constant(double value);
  /// Requires: kind is variable or parameter. Throws as Expr::variable does.
  void symbol(Op kind, std::string_view name);
  /// Requires: arity(op) operands have been pushed.
  void operation(Op op);
  /// A whole expression as one operand.
  void append(const Expr& expr);

  Node& last() { return nodes_.back(); }
  /// Requires: exactly one operand waits.
  Expr finish();

 private:
  std::vector<Node> nodes_;
  Expr::Symbols symbols_;
};

/// The node of `op` over the operands at the end of `nodes`.
Node operation_node(Op op, const std::vector<Node>& nodes);
/// The node of a constant; NaN always as the same bits.
Node constant_node(double value);

}  // namespace energylens::expr
