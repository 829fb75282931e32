// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::predictor {

/// Waves of one size within a prediction.
struct WaveShare {
  double batch = 0;  ///< requests of one replica in one such wave
  double share =
      0;  ///< of the energy (or time) of the whole row, all waves of this size and all replicas together
};

/// A prediction of a formula taken apart, for models that correct the formula of one wave.
struct Anatomy {
  double value = kUnknown;           ///< J of the row, over all replicas, or s
  std::vector<WaveShare> waves;      ///< one or two; their shares add up to 1
  std::vector<double> log_gradient;  ///< d ln(value) / d (ln of positive numbers, the others), to go with the
                                     ///< fit's covariance
};

}  // namespace energylens::predictor
