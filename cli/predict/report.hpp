// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "cli/asked_model.hpp"
#include "cli/cost.hpp"
#include "cli/predict/many.hpp"
#include "cli/predict/question.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

struct PredictOptions : QuestionFlags {
  std::string format = "table";
  CostFlags cost;
  ManyOptions many;
  bool strict = false;
};

/// The prediction in the format of the options, with the question, the model and the verdict of its fit.
void print_prediction(const PredictOptions& options, const table::Configuration& config,
                      const predictor::Prediction& prediction, const AskedModel& model);

}  // namespace energylens::cli
