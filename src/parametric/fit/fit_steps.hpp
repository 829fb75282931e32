// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/fit.hpp"
#include "parametric/fit/estimate.hpp"
#include "parametric/law/observations.hpp"

// Steps of a fit that fit.cpp and transfer.cpp share.
namespace energylens::parametric {

SearchOptions search_options(const predictor::FitOptions& options);
/// Fits one metric of a group alone; nothing if no row has it.
std::optional<LawFit> fit_target(const predictor::PreparedRows& prepared, Metric metric,
                                 const predictor::FitOptions& options);
/// A law without its parameters.
GroupLaw context_of(const predictor::PreparedRows& prepared);
GroupLaw fit_alone(predictor::PreparedRows& prepared, const predictor::FitOptions& options,
                   CapacityMode mode);
/// Throws Error (bad input) if no law has a fit.
void require_a_target(const std::vector<GroupLaw>& laws);
double total_effective(const std::vector<GroupLaw>& laws);
/// What a model file records of the fit, with a hash of the training rows; the effective parameters are set later.
FitRecord record_of(const predictor::FitOptions& options, std::vector<predictor::PreparedRows> prepared);

}  // namespace energylens::parametric
