// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/asked_model.hpp"
#include "cli/cost.hpp"
#include "cli/flags.hpp"
#include "cli/library/system.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::cli {

struct PredictOptions {
  std::string model, layout, format = "table", row_kind = "job";
  int tp = 0, pp = 0, dp = 0, ep = 0;
  double batch = kUnknown, max_batch = kUnknown, kv_capacity_tokens = kUnknown;
  double power_limit_w = kUnknown;
  RequestFlags request;
  std::vector<std::string> where;
  SystemFlags system;
  CostFlags cost;
  SystemChoice library;
  bool strict = false;
};

/// The prediction in the format of the options, with the question, the model and the verdict of its fit.
void print_prediction(const PredictOptions& options, const table::Configuration& config,
                      const predictor::Prediction& prediction, const AskedModel& model);

}  // namespace energylens::cli
