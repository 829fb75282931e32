// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

namespace energylens::baseline {

/// Training rows of equal length; NaN is a missing feature.
struct LearningSet {
  std::vector<std::vector<float>> features;
  std::vector<float> targets;
};

}  // namespace energylens::baseline
