// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "parametric/structure_model.hpp"

namespace energylens::discovery {

/// Searches the training rows for a formula of each target (`options.search_evaluations` formulas, chosen by
/// cross-validation) and fits its constants to them. Nothing comes from other rows, so an evaluation that
/// calls this for each split tests the choice of the formula too. With too few rows for a search it fits
/// parametric::found_structures().
parametric::StructureModel search_and_fit(const predictor::TrainingData& data,
                                          const predictor::FitOptions& options);

}  // namespace energylens::discovery
