// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "baseline/learning_set.hpp"

namespace energylens::baseline {

/// Mean of regression trees grown to purity on bootstrap samples, each split the best of a random share of
/// the features (Breiman 2001). Immutable; safe from any thread.
class RandomForest {
 public:
  /// Requires: at least one row.
  RandomForest(const LearningSet& set, int trees, std::uint64_t seed);

  /// A missing feature goes left, where missing ones went in training.
  double predict(std::span<const float> features) const;

 private:
  friend class TreeGrower;
  struct Node {
    std::size_t feature = 0;
    float threshold = 0;              ///< values <= threshold go left
    std::size_t left = 0, right = 0;  ///< indices of nodes; both 0 for a leaf
    double value = 0;                 ///< mean of the targets
  };
  using Tree = std::vector<Node>;

  std::vector<Tree> trees_;
};

}  // namespace energylens::baseline
