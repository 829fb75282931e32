// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "design/pickers.hpp"
#include "residual/model.hpp"

namespace energylens::design {

/// A joint normal distribution of ln(energy) at all places, and how it changes if a place is measured whose
/// result is not known yet: the covariance shrinks, the means stay. docs/method/design.md (4), (5).
class Prior {
 public:
  explicit Prior(residual::LogEnergies energies);

  /// Whether there is a distribution for the place.
  bool covers(std::size_t place) const { return known(energies_.mean[place]); }
  double mean(std::size_t place) const { return energies_.mean[place]; }
  /// Covariances of a place with all places.
  std::span<const double> covariances(std::size_t place) const;
  /// Variance of the difference of two places.
  double contrast_variance(std::size_t a, std::size_t b) const;
  double noise_variance() const { return energies_.noise_variance; }
  /// 1 / variance of a measurement at a place.
  double precision(std::size_t place) const;
  void measure(std::size_t place);

 private:
  residual::LogEnergies energies_;
};

/// From law+residual, fitted to the measured rows. Throws Error (usage) for more than kMostPlaces places.
Prior prior_of(const Problem& problem, const DesignOptions& options);

/// By place, the sum of the weights of its questions.
std::vector<double> served_weights(const Problem& problem);

}  // namespace energylens::design
