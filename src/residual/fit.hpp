// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "residual/model.hpp"

namespace energylens::residual {

/// The most rows of a process, which takes memory with their square and time with their cube. Of more, so many that are
/// spread evenly over the loads train it.
inline constexpr std::size_t kMostProcessRows = 3000;

/// Fits, group by group, the process to what a form leaves of the energies. Requires: `form` was fitted to `data`.
CorrectedModel correct(std::shared_ptr<const parametric::Model> form, const predictor::TrainingData& data,
                       const predictor::FitOptions& options);

/// Fits the law, then its correction. Throws what parametric::fit_law throws.
CorrectedModel fit(const predictor::TrainingData& data, const predictor::FitOptions& options);

/// The same with power times time. Throws what parametric::fit_power_time throws.
CorrectedModel fit_power_time(const predictor::TrainingData& data, const predictor::FitOptions& options);

}  // namespace energylens::residual
