// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <span>

#include "baseline/learning_set.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::baseline {

/// How XGBoost grows its trees; names as in its own documentation.
struct BoosterOptions {
  int rounds = 100;
  int max_depth = 6;
  double learning_rate = 0.3;
  double subsample = 1;
  double min_child_weight = 1;  ///< least number of rows in a leaf
  /// Unknown: squared error. Else this quantile of the target, by its pinball loss.
  double quantile = kUnknown;
  std::uint64_t seed = 0;
};

/// Trees fitted on one thread: the same rows in the same order give the same trees.
/// Immutable; safe from any thread.
class Booster {
 public:
  /// Requires: at least one row. Throws Error (io) when the XGBoost library fails.
  Booster(const LearningSet& set, const BoosterOptions& options);
  ~Booster();
  Booster(Booster&&) noexcept;
  Booster& operator=(Booster&&) noexcept;

  float predict(std::span<const float> features) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace energylens::baseline
