// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "energylens/predictor/predictor.hpp"

namespace energylens::registry {

/// One kind of predictor. The table of kinds is the only place that knows all of them.
struct Kind {
  std::string_view name;
  std::string_view sentence;         ///< description
  bool predicts_energy;              ///< false: a rule that only chooses; its error metrics are null
  bool sees_all_training_scenarios;  ///< uses more than the N sampled rows; reports mention it
  bool sees_measured_time;           ///< the `latency` oracle
  std::unique_ptr<predictor::Predictor> (*fit)(const predictor::TrainingData&, const predictor::FitOptions&);
};

std::span<const Kind> kinds();
/// Throws Error (usage) for an unknown name and suggests a similar one.
const Kind& find_kind(std::string_view name);

/// Reads a model file written by `fit`. Throws Error for a truncated or newer file and for another kind of file.
std::unique_ptr<predictor::Predictor> load(const std::string& path);
/// The same for the text of a model file; `file` stands for it in messages.
std::unique_ptr<predictor::Predictor> load(std::string_view text, const std::string& file);

}  // namespace energylens::registry
