// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <utility>
#include <vector>

#include "parametric/law/observations.hpp"

namespace energylens::parametric {

/// KV capacities read from training rows.
struct FittedCapacity {
  std::vector<std::pair<table::Layout, double>> by_layout;  ///< tokens; layouts of the rows, in order
  double factor = 1;  ///< geometric mean of fitted over estimated capacity
};

/// Reads one capacity per layout from the joules and seconds of the training rows, which jump where a new wave begins,
/// starting from the catalogue's estimate; the stated column is not looked at. Sets the capacities of `prepared`.
/// Groups for which there is no estimate keep unlimited capacity. docs/method/law.md (11).
FittedCapacity fit_capacity(predictor::PreparedRows& prepared, const predictor::FitOptions& options);

}  // namespace energylens::parametric
