// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"
#include "search/problem/form.hpp"

namespace energylens::search {

/// A problem prepared for fitting: rows sorted by group (in their order within a group), logarithms
/// computed, and the loss expressed by weights and scales. Never changed after construction, so any thread
/// may read it.
struct Dataset {
  Dataset(const Problem& problem, const Form& form, Loss loss);
  Dataset() = default;

  std::size_t rows = 0, points = 0, groups = 1;
  std::vector<std::vector<double>> columns;  ///< by input: values at points
  std::vector<std::vector<double>> logs;     ///< by input: ln of the column; empty unless all values are > 0
  std::vector<bool> positive;                ///< by input: all values are > 0
  std::vector<std::vector<double>> multipliers;  ///< by part: values at points; empty: 1
  std::vector<double> given;                     ///< by row: the term that the form gives; empty: 0
  std::vector<double> target;                    ///< by row
  std::vector<double> weight;                    ///< by row: of the squared error; the sum is 1
  std::vector<double> scale;              ///< by row: error = (f - y) * scale, for log_error near f = y
  std::vector<std::size_t> group_begin;   ///< rows of group g: [group_begin[g], group_begin[g + 1])
  std::vector<std::size_t> original_row;  ///< by row: its row in the problem
  Loss loss = Loss::relative;
  double noise_sd = 0;

  bool direct() const { return share_begin.empty(); }
  /// out[row] = sum of weight * at_points[point]. The two may be the same array if rows are points.
  void add_up(const double* at_points, double* out) const;

  std::vector<std::size_t> share_begin;  ///< by row: index of its first share; empty: rows are points
  std::vector<Share> shares;
};

/// Population standard deviation. Requires: at least one value.
double standard_deviation(const std::vector<double>& values);

/// A random sample of about this many rows, from each group in proportion to its size, but at least 16 rows
/// per group.
Dataset thinned(const Dataset& dataset, std::size_t rows);

}  // namespace energylens::search
