// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/numerics/robust_loss.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::law {

/// A Gaussian belief on one free coordinate, or on the difference of two.
struct Belief {
  std::size_t coordinate;
  std::size_t minus = kParameters;  ///< the subtracted coordinate; kParameters: none
  double mean = 0, sd = 1;
};

/// A Gaussian belief on a combination of free coordinates: weights . z is `mean`, with standard deviation 1.
struct Direction {
  Coordinates weights{};
  double mean = 0;
};

/// How a group is fitted: the loss, and what is believed before the data speak. docs/law.md (8).
struct Recipe {
  numerics::RobustLoss loss;  ///< of ln(predicted / measured); docs/law.md (9)
  std::vector<Belief> beliefs;
  std::vector<Direction> directions{};  ///< what other groups tell, docs/transfer.md (16)
};

/// The same for every group; only the centres of the scales are read from the rows. Requires: an observation.
Recipe recipe_for(std::span<const Observation> observations, const Reading& reading);

/// Centre of the beliefs: where a fit starts.
Coordinates centre(const Recipe& recipe);

/// Sum of the beliefs as a matrix, 12 x 12: the inverse covariance before the data.
std::vector<double> precision(const Recipe& recipe);

/// Geometric means of tp, pp and the requests in one wave.
Reference reference_of(std::span<const table::Row> rows);

}  // namespace energylens::law
