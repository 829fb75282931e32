// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/law_model.hpp"

namespace energylens::parametric {

/// How the KV capacity enters the fit: as a known figure, or fitted to the training rows alone.
enum class CapacityMode { known, fitted };

/// Fits the law to the training rows of every group, each alone or (options.pool) together.
/// Few rows give wide intervals and warnings, never an error. Throws Error (bad input) for a row with M = 0
/// (no request fits).
LawModel fit_law(const predictor::TrainingData& data, const predictor::FitOptions& options,
                 CapacityMode capacity = CapacityMode::known);

}  // namespace energylens::parametric
