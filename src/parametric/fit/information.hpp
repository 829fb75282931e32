// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <vector>

#include "parametric/fit/estimate_structure.hpp"

namespace energylens::parametric {

using Matrix = std::vector<double>;  ///< row-major and square

/// J' W J of the logarithms of rows, and their residuals.
struct Information {
  Matrix data;
  std::vector<double> residuals;  ///< ln(measured / predicted)
};
Information information_of(const Task& task, std::size_t group, std::span<const double> coordinates);

/// The spread of the residuals, shrunk towards its prior for few rows.
double spread_of(const Information& information);

/// H = J' W J / spread^2 + P, P the precision of the priors.
Matrix with_priors(const Matrix& data, double spread, const NormalPriors& priors);

/// The fit of constants with that covariance.
StructureFit target_fit(const Information& information, std::vector<double> constants, Matrix covariance);

}  // namespace energylens::parametric
