// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "energylens/predictor/predictor.hpp"

namespace energylens::registry {

/// One predictor by name. The table of kinds is the only place that names law and baselines together.
struct Kind {
  std::string_view name;
  std::string_view sentence;         ///< what it is, for people
  bool predicts_energy;              ///< false: a rule that only picks; its error metrics are null
  bool sees_all_training_scenarios;  ///< uses more than the N sampled rows, and says so
  bool sees_measured_time;           ///< the `latency` oracle
  std::unique_ptr<predictor::Predictor> (*fit)(const predictor::TrainingData&, const predictor::FitOptions&);
};

std::span<const Kind> kinds();
/// Throws Error (usage) naming the near kind.
const Kind& find_kind(std::string_view name);

/// Reads a model file that `fit` wrote. Throws Error for a file that is truncated, newer, or of another kind.
std::unique_ptr<predictor::Predictor> load(const std::string& path);

}  // namespace energylens::registry
