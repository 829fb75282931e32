// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "baseline/baseline.hpp"
#include "energylens/predictor/facts.hpp"

namespace energylens::baseline {

enum class WaveKnowledge { blind, aware };

/// Turns configurations into rows of numbers for learners; blanks stay NaN.
class FeatureMap {
 public:
  FeatureMap(const predictor::TrainingData& data, const predictor::FitOptions& options, WaveKnowledge waves);

  std::vector<float> features(std::size_t group, const table::Configuration& config) const;
  /// ln of what the scenario energy is divided by before learning. Wave-aware learners, jobs: full waves, at
  /// least 1, times osl, which leaves the energy per step of a full wave; unknown if no request fits.
  /// Else 0.
  double log_scale(std::size_t group, const table::Configuration& config) const;

 private:
  table::Configuration with_capacity(std::size_t group, const table::Configuration& config) const;
  void append_waves(std::size_t group, const table::Configuration& config,
                    std::vector<float>& features) const;

  WaveKnowledge waves_;
  double flag_capacity_tokens_;
  std::vector<predictor::Facts> facts_;             // by group
  std::vector<std::vector<float>> group_features_;  // by group; empty unless pooled
};

}  // namespace energylens::baseline
