// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// A fitted number of a formula: a constant, or its value in one group.
struct FittedNumber {
  std::size_t constant = 0, at = 0;  ///< Formula::constants[constant].values[at]
  double value = 0;
  std::vector<double> slope;  ///< derivative of the error of each row
};

/// A formula linearised around its constants: the errors of the rows, as the loss measures them, and their
/// derivatives.
struct Linearised {
  std::vector<double> error;   ///< ln(f/y), f/y - 1, or (f - y) / sd(y)
  std::vector<double> weight;  ///< of the squared error; the mean is 1
  std::vector<FittedNumber> numbers;
  std::size_t held = 0;  ///< coefficients at their bound 0, which are not among the numbers
  bool finite = true;
};

/// Requires: a formula fitted to the problem with these options.
Linearised linearised(const Formula& formula, const Problem& problem, const Options& options);

/// s^2, the variance of errors: the residual sum of squares over the degrees of freedom, or the squared
/// error at rows left out if that is greater. Unknown if there are no degrees of freedom. Requires:
/// effective_parameters.
double error_variance(const Formula& formula, std::size_t rows);

}  // namespace energylens::search
