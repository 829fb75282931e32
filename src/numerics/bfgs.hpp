// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "energylens/core/parallel.hpp"

namespace energylens::numerics {

/// Fills `gradient` and returns the value at `x`; not finite where it cannot be had.
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct DescentOptions {
  int max_steps = 40;
  double longest_step = 1;  ///< of any coordinate
  double tolerance = 1e-4;  ///< stop when a step lowers the value by less
  const CancelToken* cancel = nullptr;
};

/// A local minimum near `start`, found by quasi-Newton steps (BFGS); the start if nothing better is finite.
/// Coordinates should be of order one.
std::vector<double> descend(const SmoothFunction& function, std::vector<double> start,
                            const DescentOptions& options = {});

}  // namespace energylens::numerics
