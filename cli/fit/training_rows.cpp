// SPDX-License-Identifier: Apache-2.0
#include "cli/fit/training_rows.hpp"

#include <algorithm>

#include "cli/console.hpp"
#include "core/text.hpp"
#include "energylens/core/rng.hpp"

namespace energylens::cli {

predictor::TrainingData training_rows(std::span<const table::Group> groups, int most, std::uint64_t seed) {
  predictor::TrainingData data = predictor::all_rows(groups);
  if (most == 0) return data;
  for (predictor::TrainingGroup& group : data) {
    const std::size_t all = group.rows.size(), wanted = static_cast<std::size_t>(most);
    if (wanted >= all) continue;
    group.rows = shuffled_order(seed, all);
    group.rows.resize(wanted);
    std::sort(group.rows.begin(), group.rows.end());
  }
  return data;
}

void warn_of_small_groups(std::span<const table::Group> groups, int wanted) {
  for (const table::Group& group : groups) {
    if (group.rows.size() < static_cast<std::size_t>(wanted))
      warn("--train " + std::to_string(wanted) + ": " + group.identity.text() + " has only " +
           plural(group.rows.size(), "row") + "; using all of them");
  }
}

}  // namespace energylens::cli
