// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/fit/context.hpp"

namespace energylens::search {

/// Appends products of inputs, brackets and functions that explain the target, or with `transformed` each
/// transformation of it (target_transformation.hpp).
void add_log_seeds(const SearchContext& context, bool transformed, const RunOptions& run,
                   std::vector<Tree>& out);

/// The few functions, and brackets of one function, that alone explain most of ln |y|, raised to the whole
/// exponents that they then have.
std::vector<Factor> leading_factors(const SearchContext& context, const RunOptions& run);

}  // namespace energylens::search
