// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <vector>

#include "energylens/law/model.hpp"

namespace energylens::law {

/// Waves of one size within a prediction.
struct WaveShare {
  double batch = 0;  ///< requests of one replica in one such wave
  double share =
      0;  ///< of the energy (or time) of the whole row, all waves of this size and all replicas together
};

/// A prediction of the law taken apart, for models that correct the law of one wave.
struct Anatomy {
  double value = kUnknown;       ///< J of the row, over all replicas, or s
  std::vector<WaveShare> waves;  ///< one or two; their shares add up to 1
  std::vector<double>
      log_gradient;  ///< d ln(value) / d (ln of positive numbers, the others), to go with TargetFit::covariance
};

/// `config` states its KV capacity or has none: see Prediction::kv_capacity_tokens. Nothing if the group has
/// no such target, not one request fits, or the question cannot be answered.
std::optional<Anatomy> anatomy(const GroupLaw& law, const table::Configuration& config, bool energy);

}  // namespace energylens::law
