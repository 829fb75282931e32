// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/predictor/predictor.hpp"
#include "energylens/table/group.hpp"
#include "powercap/file.hpp"

namespace energylens::cli {

/// How the GPU of a group follows its power limit: from the model file, else the prior of its TDP, with a warning that
/// states how wide it is. Throws Error (usage) if there is neither.
powercap::GpuCurve power_curve(const std::string& model_file, const table::GroupIdentity& identity,
                               double tdp_w);

/// A power limit of each GPU, a clock as a share of that of the training rows, unknown for none, and the file of the model
/// that predicts.
struct PowerLimit {
  const std::string& model_file;
  double watts = kUnknown, clock_share = kUnknown;
};

/// The prediction of a group at the limit and the clock. Throws Error (usage) for both, or if the model predicts no power.
void limit_power(const PowerLimit& limit, const predictor::Predictor& predictor, std::size_t group,
                 const table::Layout& layout, predictor::Prediction& prediction);

}  // namespace energylens::cli
