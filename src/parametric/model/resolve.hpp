// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/model.hpp"

namespace energylens::law {

/// The configuration as the law reads it: its capacity resolved, dp replicas of a fitted layout included.
/// Fills what a prediction says of capacity, waves and domain. Throws Error (usage) for an isl that the rows
/// did not state.
table::Configuration resolved(const GroupLaw& law, const table::Configuration& config, double flag_tokens,
                              predictor::Prediction& out);

}  // namespace energylens::law
