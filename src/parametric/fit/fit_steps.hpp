// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/fit.hpp"
#include "parametric/fit/estimate.hpp"
#include "parametric/fit/prepare.hpp"

// Steps of a fit that fit.cpp and transfer.cpp share.
namespace energylens::parametric {

SearchOptions search_options(const predictor::FitOptions& options);
/// Fits one metric of a group alone; nothing if no row has it.
std::optional<LawFit> fit_target(const Prepared& prepared, Metric metric,
                                 const predictor::FitOptions& options);
/// A law without its parameters.
GroupLaw context_of(const Prepared& prepared);
GroupLaw fit_alone(Prepared& prepared, const predictor::FitOptions& options, CapacityMode mode);
/// Throws Error (bad input) if no law has a fit.
void require_a_target(const std::vector<GroupLaw>& laws);
double total_effective(const std::vector<GroupLaw>& laws);
/// Hash of the training rows, so that a model file identifies its data.
std::string hash_of(const std::vector<Prepared>& prepared);

}  // namespace energylens::parametric
