// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// The part as an expression. Its fitted numbers are parameters with the name `prefix` and a number, from
/// `first` on; coefficients and inner constants are in the order of terms.
struct PartExpr {
  expr::Expr expr;
  std::vector<std::size_t> terms;  ///< by parameter: the term whose coefficient it is, or kInner
  static constexpr std::size_t kInner = static_cast<std::size_t>(-1);
};
PartExpr to_expr(const Sum& part, std::span<const std::string> names, const OperatorCosts& costs,
                 const std::string& prefix, std::size_t first);

/// The tree of an expression over the inputs `names`. Parameters and numbers are fitted, except numbers that
/// are exponents. Throws Error (bad input) for an operator that trees do not have.
Sum from_expr(const expr::Expr& expr, std::span<const std::string> names);

}  // namespace energylens::search
