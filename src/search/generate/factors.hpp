// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>
#include <vector>

#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// A bracket or function that may multiply a product of inputs, and its degree: the larger, the less common.
struct GradedFactor {
  double degree = 0;
  Factor factor;
};

/// Brackets and functions of low degree over the inputs of a part, sorted by degree, at most `most`: x + y,
/// x - y, x + y f(u), f(u), 1 + f(u), f(x - y), with functions f of the primitive set, products u without
/// dims, and a few numbers in front of u.
std::vector<GradedFactor> factor_library(const PrimitiveSet& primitives, const PartPrimitives& part,
                                         std::size_t most);

/// The factor with the numbers inside it fitted.
Factor with_free_numbers(Factor factor);

}  // namespace energylens::search
