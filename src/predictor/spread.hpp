// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/table/row.hpp"

namespace energylens::predictor {

/// Prior of the residual spread: the spread of ln(measured) of real kernels around smooth formulas, and the number of
/// rows that this prior counts as.
inline constexpr double kTypicalSpread = 0.06, kPriorRows = 4;

/// The spread `raw` of n residuals of ln(measured / predicted), shrunk towards kTypicalSpread with the weight of
/// kPriorRows rows, so that few rows give wide intervals. `spent`: degrees of freedom used by the fit.
double shrunk_spread(double raw, double n, double spent);

/// The same for residuals whose spread is taken from their 90 % quantile, to which the 90 % intervals refer.
double row_spread(std::vector<double> residuals, double spent);

/// Deviations of single rows from a formula, in standard deviations, drawn jointly for several configurations. Steps of
/// kernels occur at the same batches in all layouts, so layouts with equal loads share half of the variance:
/// docs/method/residual.md.
class RowNoise {
 public:
  explicit RowNoise(std::span<const table::Configuration> configs);
  std::vector<double> draw(Rng& rng) const;

 private:
  std::vector<std::size_t> first_of_load_;
};

}  // namespace energylens::predictor
