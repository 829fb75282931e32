// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/residual/model.hpp"

namespace energylens::residual {

/// Fits the law, then, group by group, the process on what the law leaves of the energy. Throws what law::fit
/// throws.
Model fit(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// The same around discovered::fit_power_time, and throws what that throws.
PowerTime fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options);

}  // namespace energylens::residual
