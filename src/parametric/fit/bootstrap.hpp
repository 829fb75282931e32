// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/predictor/predictor.hpp"
#include "parametric/fit/uncertainty.hpp"

namespace energylens::parametric {

/// Replaces the sampling part of the covariance by the scatter of `options.bootstrap` refits, each from the estimate,
/// to rows drawn with replacement (phases of one row stay together). Deterministic for options.seed at any number of threads.
void replace_by_bootstrap(std::span<const Observation> observations, const Priors& priors,
                          const PointEstimate& point, const predictor::FitOptions& options,
                          Uncertainty& uncertainty);

}  // namespace energylens::parametric
