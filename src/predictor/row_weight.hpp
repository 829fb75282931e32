// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/table/row.hpp"

namespace energylens::predictor {

/// Standard deviation of ln(measured) around a good smooth formula, from the steps of real kernels; docs/method/law.md (9).
inline constexpr double kTypicalMisfit = 0.04;

/// Weight of the squared residual of a row, 1 for a measurement without spread: the variance of the misfit over
/// that of the misfit and the mean of the repeats together.
inline double row_weight(const table::Row& row) noexcept {
  if (!known(row.log_sd)) return 1;
  constexpr double kMisfitVariance = kTypicalMisfit * kTypicalMisfit;
  return kMisfitVariance / (kMisfitVariance + row.log_sd * row.log_sd / row.repeats);
}

}  // namespace energylens::predictor
