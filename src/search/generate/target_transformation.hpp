// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// A transformation of the target: z = y^exponent or the inverse of a function, minus a shift. What is found
/// for z is turned into a formula of y by tree().
struct TargetTransformation {
  double exponent = 1;
  expr::Op outer =
      expr::Op::constant;  ///< asin, acos or log: z + shift is sin, cos or exp of y; constant: a power of y
  double shift = 0;

  bool plain() const { return exponent == 1 && outer == expr::Op::constant && shift == 0; }
  double value(double y) const;
  double slope(double y) const;  ///< dz/dy
  /// The formula of y, given one term that equals z.
  Tree tree(Term term) const;
};

/// The transformations that the unit of the target, its range and the operators allow, the likeliest first.
std::vector<TargetTransformation> target_transformations(const SearchContext& context);

}  // namespace energylens::search
