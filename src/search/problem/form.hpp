// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// A free part of the form: f = ... + multiplier * part + ...
struct FormPart {
  std::string name;
  std::vector<std::size_t> inputs;  ///< that it may use, indices into Problem::inputs
  expr::Expr multiplier = expr::Expr::constant(1);
};

/// The form of a formula: what is given of it.
struct Form {
  std::vector<FormPart> parts;                 ///< at least one
  expr::Expr whole;                            ///< the parts are variables of their names
  expr::Expr given = expr::Expr::constant(0);  ///< what is added to the parts
  bool bare = true;                            ///< the whole formula is the one part
};

/// Reads Problem::form; one bare part over all inputs if it is empty. Throws Error (bad input) for text that
/// is no formula, a column that there is not, a part that occurs twice or has no inputs, and a form that is
/// not a sum of parts times given factors: only then are coefficients found by linear algebra.
Form read_form(const Problem& problem);

}  // namespace energylens::search
