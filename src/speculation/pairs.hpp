// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/table/group.hpp"

namespace energylens::speculation {

/// Two rows of equal layout and load, the second with speculative decoding.
struct Pair {
  std::size_t plain = 0, speculative = 0;  ///< rows of the two groups
  double log_ratio = 0;                    ///< ln(energy with speculation / energy without)
};

/// Two groups that differ in nothing but speculative decoding, and their pairs.
struct Twins {
  std::size_t plain = 0, speculative = 0;  ///< groups
  std::vector<Pair> pairs;                 ///< at least one
};

/// A workload without the words that name speculative decoding or its absence: "chat" of "chat+mtp" and "chat+nospec".
std::string without_speculation(std::string_view workload);

/// All twins, in the order of the groups. A workload names speculative decoding as "mtp" or "eagle".
std::vector<Twins> twins(std::span<const table::Group> groups);

}  // namespace energylens::speculation
