// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/core/rng.hpp"

namespace energylens::numerics {

/// n indices drawn from [0, n) with replacement: one bootstrap sample. Advances `rng` by n draws.
std::vector<std::size_t> bootstrap_indices(std::size_t n, Rng& rng);

}  // namespace energylens::numerics
