// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/law_model.hpp"
#include "parametric/fit/uncertainty.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {

/// One fit with all of its diagnostics.
LawFit describe(const predictor::PreparedRows& prepared, Metric metric,
                std::span<const Observation> observations, const Reference& reference,
                const PointEstimate& fit, const Uncertainty& uncertainty);

/// 90 % intervals of natural coordinates; `determined` is not set.
std::vector<ParameterFit> intervals_of(const Coordinates& natural, std::span<const double> covariance,
                                       double degrees_of_freedom, Form form = Form::job);

/// Warnings about what makes intervals wide: few rows, only one layout.
std::vector<std::string> poverty_warnings(const predictor::PreparedRows& prepared, const Domain& domain);

}  // namespace energylens::parametric
