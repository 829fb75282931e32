// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/fit/context.hpp"

namespace energylens::search {

/// Formulas that a search starts from, found by exhaustive search of small ones, in stages: sums of products,
/// also inside a power such as 1/(x + y); products with brackets and functions (log_seeds.hpp); sums of
/// products with one bracket or function each. Every second stage repeats the one before on what is left once
/// separable inputs are divided out (separability.hpp). Deterministic.
inline constexpr int kSeedStages = 24;
std::vector<Tree> seeds(const SearchContext& context, const Problem& problem, int stage,
                        const RunOptions& run);

}  // namespace energylens::search
