// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <algorithm>
#include <span>
#include <vector>

#include "energylens/table/row.hpp"
#include "numerics/summary.hpp"

namespace energylens::predictor {

/// Standard deviation of ln(measured) around a good smooth formula, from the steps of real kernels; docs/method/law.md (9).
inline constexpr double kTypicalMisfit = 0.04;

/// Weights of the squared residuals of the rows of one group: the variance of the misfit over that of the misfit and of
/// the mean of the repeats together, 1 for rows without known noise. A row that was measured once has the noise that
/// repeats of the other rows show (their median), so that it never weighs more than a row with repeats: a known spread is
/// not worse than an unknown one.
class RowWeights {
 public:
  /// `rows`: those that are fitted.
  explicit RowWeights(std::span<const table::Row> rows) {
    std::vector<double> spreads;
    for (const table::Row& row : rows) {
      if (known(row.log_sd)) spreads.push_back(row.log_sd);
    }
    if (!spreads.empty()) single_ = weight(std::min(numerics::median(spreads), kMostNoise), 1);
  }

  double of(const table::Row& row) const noexcept {
    return known(row.log_sd) ? std::max(weight(row.log_sd, row.repeats), single_) : single_;
  }

 private:
  /// A few bad repeats say little about the others.
  static constexpr double kMostNoise = 2 * kTypicalMisfit;

  static double weight(double log_sd, int repeats) noexcept {
    constexpr double kMisfitVariance = kTypicalMisfit * kTypicalMisfit;
    return kMisfitVariance / (kMisfitVariance + log_sd * log_sd / repeats);
  }

  double single_ = 1;
};

}  // namespace energylens::predictor
