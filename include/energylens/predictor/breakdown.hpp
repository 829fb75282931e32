// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::predictor {

/// The part of waves of one size in a prediction.
struct WaveShare {
  double size = 0;   ///< requests of one replica in one such wave
  double share = 0;  ///< of the energy of the whole row: all waves of this size in all replicas
};

/// The energy breakdown of a prediction, for models that correct the formula of one wave.
struct Breakdown {
  double value = kUnknown;       ///< J of the row, over all replicas
  std::vector<WaveShare> waves;  ///< one to three; their shares add up to 1
  /// d ln(value) / d (ln of positive numbers, the others): the coordinates of the covariance of the fit.
  std::vector<double> log_gradient;
};

}  // namespace energylens::predictor
