// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/parametric/model.hpp"
#include "parametric/fit/prepare.hpp"
#include "parametric/fit/uncertainty.hpp"

namespace energylens::law {

/// One fitted target with everything that is said of it.
TargetFit describe(const Prepared& prepared, bool energy, std::span<const Observation> observations,
                   const Reference& reference, const PointEstimate& fit, const Uncertainty& uncertainty);

/// 90 % intervals of natural coordinates; none is determined.
std::vector<ParameterFit> intervals_of(const Coordinates& natural, std::span<const double> covariance,
                                       double degrees_of_freedom);

/// Few rows, one layout: what makes the intervals wide.
std::vector<std::string> poverty_warnings(const Prepared& prepared, const Domain& domain);

}  // namespace energylens::law
