// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/fit.hpp"
#include "parametric/fit/estimate.hpp"
#include "parametric/fit/prepare.hpp"

// Steps of a fit that fit.cpp and transfer.cpp share.
namespace energylens::law {

SearchOptions search_options(const predictor::FitOptions& options);
/// One target of a group alone; nothing where no row has it.
std::optional<TargetFit> fit_target(const Prepared& prepared, bool energy,
                                    const predictor::FitOptions& options);
/// All of a law but its parameters.
GroupLaw frame_of(const Prepared& prepared);
GroupLaw fit_alone(Prepared& prepared, const predictor::FitOptions& options, CapacityMode mode);
/// Throws Error (bad input) where no law has a target.
void require_a_target(const std::vector<GroupLaw>& laws);
double total_effective(const std::vector<GroupLaw>& laws);
/// Hash of the training rows, so that a model file tells which data it stands on.
std::string hash_of(const std::vector<Prepared>& prepared);

}  // namespace energylens::law
