// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "numerics/robust_loss.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {

/// A Gaussian prior of one free coordinate, or of the difference of two.
struct PriorTerm {
  std::size_t coordinate;
  std::size_t minus = kParameters;  ///< the subtracted coordinate; kParameters: none
  double mean = 0, sd = 1;
};

/// A Gaussian prior of a combination of free coordinates: weights . z is `mean`, with standard deviation 1.
struct PriorDirection {
  Coordinates weights{};
  double mean = 0;
};

/// Prior specification of a group: the loss, and what is assumed before the data. docs/method/law.md (8).
struct Priors {
  numerics::RobustLoss loss;  ///< of ln(predicted / measured); docs/method/law.md (9)
  std::vector<PriorTerm> terms;
  std::vector<PriorDirection> directions{};  ///< from other groups, docs/method/transfer.md (16)
};

/// The same for every group; only the centres of the scales are read from the rows. Requires: an observation.
Priors priors_for(std::span<const Observation> observations, const Reading& reading);

/// Centre of the priors, where a fit starts.
Coordinates centre(const Priors& priors);

/// Precision of the priors, 12 x 12: the inverse covariance before the data.
std::vector<double> precision(const Priors& priors);

/// Geometric means of tp, pp and the requests in one wave.
Reference reference_of(std::span<const table::Row> rows);

}  // namespace energylens::parametric
