// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "parametric/law/observations.hpp"

namespace energylens::law {

/// How the loss of a residual grows far beyond the knee: as |r| (soft-L1) or as sqrt|r|.
enum class Tail { linear, root };

/// The loss of one residual r = ln(predicted / measured): r^2 / (2 scale^2) up to about scale * knee, then its tail;
/// docs/law.md (9). Both tails are of Barron's family (A general and adaptive robust loss function, 2019), alpha 1 and 1/2.
struct Loss {
  double scale = 0.06, knee = 0.4;
  Tail tail = Tail::root;
};

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
  Loss loss;
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
