// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/design/design.hpp"
#include "energylens/parametric/law_model.hpp"

namespace energylens::cli {

/// The law of the measured system with its rows, if any, and the library as its prior.
parametric::LawModel library_law(const design::Problem& problem, const predictor::Facts& facts,
                                 const predictor::FitOptions& options);

}  // namespace energylens::cli
