// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "search/problem/form.hpp"

namespace energylens::search {

/// A problem laid out for fitting: rows sorted by group (in their order within a group), logarithms ready,
/// the loss as weights. Immutable; read from any thread.
struct Dataset {
  Dataset(const Problem& problem, const Form& form, Loss loss);
  Dataset() = default;

  std::size_t rows = 0, points = 0, groups = 1;
  std::vector<std::vector<double>> columns;      ///< by input, values at points
  std::vector<std::vector<double>> logs;         ///< ln of a column; empty if it is not positive throughout
  std::vector<bool> positive;                    ///< by input
  std::vector<std::vector<double>> multipliers;  ///< by part, at points; empty: 1
  std::vector<double> given;                     ///< by row: what the form adds; empty: 0
  std::vector<double> target;                    ///< by row
  std::vector<double> weight;                    ///< by row, of the squared error; they add up to 1
  std::vector<double> scale;              ///< by row: error = (f - y) * scale, for log_error near f = y
  std::vector<std::size_t> group_begin;   ///< rows of group g: [group_begin[g], group_begin[g + 1])
  std::vector<std::size_t> original_row;  ///< the row of the problem that stands at a row of the dataset
  Loss loss = Loss::relative;
  double noise_sd = 0;

  bool direct() const { return share_begin.empty(); }
  /// out[row] = sum of weight * at_points[point]. The two may be one array if rows are points.
  void add_up(const double* at_points, double* out) const;

  std::vector<std::size_t> share_begin;  ///< by row, into shares; empty: rows are points
  std::vector<Share> shares;
};

/// Root of the mean squared distance from the mean. Requires: some values.
double standard_deviation(const std::vector<double>& values);

/// The same problem with about that many rows, at random from each group by its share; at least 16 of a
/// group.
Dataset thinned(const Dataset& dataset, std::size_t rows);

}  // namespace energylens::search
