// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "energylens/parametric/model.hpp"
#include "energylens/predictor/predictor.hpp"
#include "energylens/predictor/verdict.hpp"

namespace energylens::parametric {

/// A training row and what the fit says of it.
struct FittedRow {
  const table::Row* row = nullptr;  ///< of the group that was assessed
  double measured = kUnknown;       ///< J or s of a job; J or s per output token of a steady row
  double fitted = kUnknown;
  double deviation() const { return measured / fitted - 1; }
};

/// Whether a fit can be used, and the training rows that it describes worst.
struct Assessment {
  predictor::Verdict verdict;
  std::vector<FittedRow> worst_energies, worst_times;  ///< at most five each, farthest first
};

/// Assesses the fit of one group against its training rows. The verdict rests on the errors of the fit, on the number
/// of rows and layouts, and on mistakes that explain the errors: energies of one GPU, of one replica, of one
/// request or of one token in place of the whole, and powers that the GPU cannot draw. A mistake is looked for by fitting
/// again with corrected energies, by the ratios of the rows that are far off, and by the power of each GPU. Costs up
/// to five fits of the group. Pure.
Assessment assess(const Model& model, std::size_t group, const predictor::TrainingGroup& training,
                  const predictor::FitOptions& options);

}  // namespace energylens::parametric
