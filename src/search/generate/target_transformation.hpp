// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// The target seen through a function: z = y^exponent or z = undo(y), less a number. What is found for z is
/// put back by tree().
struct TargetTransformation {
  double exponent = 1;
  expr::Op outer = expr::Op::constant;  ///< asin, acos, log: z is sin, cos, exp of y; constant: a power
  double shift = 0;

  bool plain() const { return exponent == 1 && outer == expr::Op::constant && shift == 0; }
  double value(double y) const;
  double slope(double y) const;  ///< dz/dy
  /// The formula of y, given one term for z.
  Tree tree(Term term) const;
};

/// Views that the units of the target and the operators allow, the likely first.
std::vector<TargetTransformation> target_transformations(const SearchContext& context);

}  // namespace energylens::search
