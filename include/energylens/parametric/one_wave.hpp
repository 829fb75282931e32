// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/parametric/model.hpp"
#include "energylens/predictor/anatomy.hpp"

namespace energylens::law {

using predictor::Anatomy;
using predictor::WaveShare;

/// `config` states its KV capacity or has none: see Prediction::kv_capacity_tokens. Nothing if the group has
/// no such target, not one request fits, or the question cannot be answered.
std::optional<Anatomy> anatomy(const GroupLaw& law, const table::Configuration& config, bool energy);

}  // namespace energylens::law
