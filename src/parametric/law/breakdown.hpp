// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/breakdown.hpp"

namespace energylens::parametric {

using predictor::Breakdown;
using predictor::WaveShare;

/// The breakdown of a configuration that states its KV capacity or has none: see Prediction::kv_capacity_tokens. Nothing
/// if the group has no fit of the metric, if no request fits, or if the load is incomplete.
std::optional<Breakdown> breakdown(const GroupLaw& law, const table::Configuration& config, Metric metric);

}  // namespace energylens::parametric
