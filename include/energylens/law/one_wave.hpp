// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>

#include "energylens/law/model.hpp"
#include "energylens/model/anatomy.hpp"

namespace energylens::law {

using model::Anatomy;
using model::WaveShare;

/// `config` states its KV capacity or has none: see Prediction::kv_capacity_tokens. Nothing if the group has
/// no such target, not one request fits, or the question cannot be answered.
std::optional<Anatomy> anatomy(const GroupLaw& law, const table::Configuration& config, bool energy);

}  // namespace energylens::law
