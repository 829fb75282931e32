// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string_view>

#include "energylens/expr/expr.hpp"

namespace energylens::expr {

/// The exact derivative with respect to a variable or parameter, lightly simplified; 0 if `name` does not
/// occur. floor, ceil and step count as constant; at a tie min and max take the mean of both sides, abs takes
/// 0. Where the base of a power is 0 or negative and its exponent depends on `name`, the derivative is NaN.
Expr derivative(const Expr& expr, std::string_view name);

/// Folds constants (unless the result is not finite) and removes operations that 0, 1, signs and equal operands make
/// redundant. Never longer than `expr`; equal in value, up to rounding and the sign of zero, wherever
/// `expr` and its parts are finite. No reassociation, no expansion.
Expr simplify(const Expr& expr);

}  // namespace energylens::expr
