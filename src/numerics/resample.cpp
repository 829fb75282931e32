// SPDX-License-Identifier: Apache-2.0
#include "numerics/resample.hpp"

namespace energylens::numerics {

std::vector<std::size_t> bootstrap_indices(std::size_t n, Rng& rng) {
  std::vector<std::size_t> indices(n);
  for (std::size_t& index : indices) index = rng.below(n);
  return indices;
}

}  // namespace energylens::numerics
