// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/law/fit.hpp"
#include "estimate.hpp"
#include "prepare.hpp"

// Steps of a fit that fit.cpp and transfer.cpp share.
namespace energylens::law {

SearchOptions search_options(const model::FitOptions& options);
/// One target of a group alone; nothing where no row has it.
std::optional<TargetFit> fit_target(const Prepared& prepared, bool energy, const model::FitOptions& options);
/// All of a law but its parameters.
GroupLaw frame_of(const Prepared& prepared);
GroupLaw fit_alone(Prepared& prepared, const model::FitOptions& options, CapacityMode mode);
/// Throws Error (bad input) where no law has a target.
void require_a_target(const std::vector<GroupLaw>& laws);
double total_effective(const std::vector<GroupLaw>& laws);
/// Hash of the training rows, so that a model file tells which data it stands on.
std::string hash_of(const std::vector<Prepared>& prepared);

}  // namespace energylens::law
