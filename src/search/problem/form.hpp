// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/expr/expr.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// A part of the form to be found: f = ... + multiplier * part + ...
struct FormPart {
  std::string name;
  std::vector<std::size_t> inputs;  ///< indices into Problem::inputs of those it may use
  expr::Expr multiplier = expr::Expr::constant(1);
};

/// The form of a formula: what is known of it in advance.
struct Form {
  std::vector<FormPart> parts;                 ///< at least one
  expr::Expr whole;                            ///< the parts are variables with their names
  expr::Expr given = expr::Expr::constant(0);  ///< the term without parts
  bool bare = true;                            ///< the whole formula is the one part
};

/// Reads Problem::form. If it is empty, the form is one part over all inputs. Throws Error (bad input) for
/// text that is not a formula, an unknown column, a part that occurs twice or has no inputs, and a form that
/// is not a sum of parts times given factors (only then do coefficients follow from linear algebra).
Form read_form(const Problem& problem);

}  // namespace energylens::search
