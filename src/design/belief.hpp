// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "design/pickers.hpp"
#include "energylens/residual/model.hpp"

namespace energylens::design {

/// What is believed of ln(energy) at all places together, and how measuring one changes that before its
/// result is known: the covariance shrinks, the means stay. docs/method/design.md (4), (5).
class Belief {
 public:
  explicit Belief(residual::LogEnergies energies);

  bool knows(std::size_t place) const { return known(energies_.mean[place]); }
  double mean(std::size_t place) const { return energies_.mean[place]; }
  /// Covariances of a place with all.
  std::span<const double> covariances(std::size_t place) const;
  /// Of the difference of two places.
  double contrast_variance(std::size_t a, std::size_t b) const;
  double noise_variance() const { return energies_.noise_variance; }
  /// 1 / variance of what measuring a place would show.
  double precision(std::size_t place) const;
  void measure(std::size_t place);

 private:
  residual::LogEnergies energies_;
};

/// From law+residual, fitted to what was measured. Throws Error (usage) for more than kMostPlaces places.
Belief belief_of(const Problem& problem, const Options& options);

/// How often each place is asked about: the sum of the weights of its questions.
std::vector<double> served_weights(const Problem& problem);

}  // namespace energylens::design
