// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "parametric/fit/estimate.hpp"

namespace energylens::parametric {

/// The uncertainty of a fit, in its free coordinates.
struct Uncertainty {
  std::vector<double> information;  ///< 12 x 12, of the data: J^T W J / s^2, uncertainty.cpp
  std::vector<double> covariance;   ///< 12 x 12, data and priors together
  double residual_sd = kUnknown;    ///< of ln(measured / predicted) of whole rows
  double prefill_sd = kUnknown,
         decode_sd = kUnknown;             ///< of phases measured separately; unknown if there are none
  double mape = kUnknown;                  ///< in sample, whole rows
  double effective_parameters = kUnknown;  ///< trace of the hat matrix: 12 if the data determine all
  double degrees_of_freedom = kUnknown;
  std::size_t rows = 0;
  int rank = 0;  ///< directions that the data alone resolve (uncertainty.cpp defines how well)
  std::array<bool, kParameters> determined{};  ///< lies almost wholly in such directions
  /// The other directions, determined by the priors, as weights of the coordinates.
  std::vector<Coordinates> undetermined;
};

/// Unlimited log-ratio ln(measured / predicted) of each observation.
std::vector<double> log_residuals(std::span<const Observation> observations, const Coordinates& z);

/// J^T W J of ln(predicted), 12 x 12.
std::vector<double> information(std::span<const Observation> observations, const Coordinates& z);

Uncertainty uncertainty_of(std::span<const Observation> observations, const Priors& priors,
                           const PointEstimate& fit);

/// The covariance after moved_to_origin.
std::vector<double> moved_to_origin(std::span<const double> covariance, const Reference& reference,
                                    Form form = Form::job);

}  // namespace energylens::parametric
