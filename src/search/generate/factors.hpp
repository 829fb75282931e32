// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>
#include <vector>

#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// A bracket or function that a product may have, and how involved it is.
struct GradedFactor {
  double degree = 0;
  Factor factor;
};

/// Brackets and functions of low degree over the inputs of a part, by rising degree: x + y, x - y, x + y
/// f(u), f(u), 1 + f(u), f(x - y), with the functions f of the primitives, products u without dims, and a few
/// numbers in front of u. At most `most`.
std::vector<GradedFactor> factor_library(const PrimitiveSet& primitives, const PartPrimitives& part,
                                         std::size_t most);

/// The factor with its inner numbers fitted.
Factor with_free_numbers(Factor factor);

}  // namespace energylens::search
