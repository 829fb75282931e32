// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/table/row.hpp"

namespace energylens::predictor {

/// What smooth formulas leave of ln(measured) of real kernels, and how many rows that belief weighs.
inline constexpr double kTypicalSpread = 0.06, kBelievedRows = 4;

/// The spread `raw` of n residuals of ln(measured / predicted), of which `spent` were used up by fitting,
/// drawn to kTypicalSpread with the weight of kBelievedRows: few rows give wide intervals instead of none.
double believed_spread(double raw, double n, double spent);

/// The same of residuals whose spread is read from their 90 % quantile, which is what intervals promise.
double row_spread(std::vector<double> residuals, double spent);

/// What single rows differ by from a formula, in standard deviations, drawn together for some configurations.
/// Steps of kernels sit at batches that all layouts share, so half of the variance is common to layouts that
/// run equal loads: the belief of docs/residual.md.
class RowNoise {
 public:
  explicit RowNoise(std::span<const table::Configuration> configs);
  std::vector<double> draw(Rng& rng) const;

 private:
  std::vector<std::size_t> first_of_load_;
};

}  // namespace energylens::predictor
