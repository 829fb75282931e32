// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// The operator over simplified operands, simplified. Never longer than Expr::apply would make it.
Expr simplified(Op op, Expr operand);
Expr simplified(Op op, Expr left, const Expr& right);

}  // namespace energylens::expr
