// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// A fitted number of a formula: a constant, or what it is in one group.
struct FittedNumber {
  std::size_t constant = 0, at = 0;  ///< Formula::constants[constant].values[at]
  double value = 0;
  std::vector<double> slope;  ///< of the error of each row against it
};

/// A formula around its constants: errors of rows in the measure of the loss, and their slopes.
struct Linearised {
  std::vector<double> error;   ///< ln(f/y), f/y - 1, or (f - y) over the spread of y
  std::vector<double> weight;  ///< of the squared error; 1 in the mean
  std::vector<FittedNumber> numbers;
  std::size_t held = 0;  ///< coefficients that their bound holds at 0: not among the numbers
  bool finite = true;
};

/// Requires: a formula fitted to the problem with these options.
Linearised linearised(const Formula& formula, const Problem& problem, const Options& options);

/// s^2, the variance of errors: what the formula leaves, over its degrees of freedom, or of rows left out if
/// that is greater. Unknown where no degree of freedom is left. Requires: effective_parameters.
double error_variance(const Formula& formula, std::size_t rows);

}  // namespace energylens::search
