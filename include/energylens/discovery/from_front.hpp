// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/discovery/measurements.hpp"
#include "energylens/parametric/structure_fit.hpp"
#include "energylens/predictor/structure.hpp"
#include "energylens/search/front.hpp"

namespace energylens::discovery {

/// Looks for structures in the training rows themselves (`options.search_evaluations` formulas each, picked
/// by cross-validation) and fits them. What too few rows cannot tell is taken from parametric::found_structures().
parametric::StructureModel fit_anew(const predictor::TrainingData& data,
                                    const predictor::FitOptions& options);

/// The structure of a formula of a front. `positive`: coefficients of terms are > 0.
predictor::Structure structure_of(const search::Formula& formula, const std::string& form, bool positive);

/// The chosen formula of a front with the constants that the search gave it.
parametric::StructureModel from_front(const search::Front& front, const Measurements& data, bool energy,
                                      const predictor::FitOptions& options);

}  // namespace energylens::discovery
