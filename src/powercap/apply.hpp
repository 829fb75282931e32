// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <optional>

#include "energylens/powercap/curve.hpp"
#include "energylens/predictor/predictor.hpp"

namespace energylens::powercap {

/// Multiplies energies, times and power of a prediction over `gpus` GPUs by the factors of a cap of `cap_w` for each
/// of them, and widens their intervals by the uncertainty of the factors. The reference is the mean power of the prediction:
/// without one the prediction stays as it is and the result is empty.
std::optional<Factors> apply_cap(const Curve& curve, int gpus, double cap_w,
                                 predictor::Prediction& prediction);

/// The same at a clock of `share` times that of the reference, 0 < share <= 1.
std::optional<Factors> apply_clock(const Curve& curve, int gpus, double share,
                                   predictor::Prediction& prediction);

}  // namespace energylens::powercap
