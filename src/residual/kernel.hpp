// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <array>
#include <string_view>

#include "numerics/gaussian_process.hpp"

namespace energylens::residual {

/// Names of the hyperparameters in model files, in the order of the prior.
inline constexpr std::array<std::string_view, 6> kHyperparameters = {
    "shared_sd", "layout_sd", "log_batch_length", "log_osl_length", "log_isl_length", "noise_sd"};

/// Prior of ln(measured / form) of one wave; docs/method/residual.md.
numerics::Prior prior();

}  // namespace energylens::residual
