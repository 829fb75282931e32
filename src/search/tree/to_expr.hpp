// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// The part as an expression whose fitted numbers are parameters: `prefix` and a number, from `first` on,
/// coefficients and inner constants in the order of terms.
struct PartExpr {
  expr::Expr expr;
  std::vector<std::size_t> terms;  ///< of each parameter the term whose coefficient it is, or kInner
  static constexpr std::size_t kInner = static_cast<std::size_t>(-1);
};
PartExpr to_expr(const Sum& part, std::span<const std::string> names, const Prices& prices,
                 const std::string& prefix, std::size_t first);

/// The tree of an expression over inputs `names`; parameters and numbers (but exponents) are fitted. Throws
/// Error (bad input) for an operator that trees do not have.
Sum from_expr(const expr::Expr& expr, std::span<const std::string> names);

}  // namespace energylens::search
