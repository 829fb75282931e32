// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/core/rng.hpp"

namespace energylens::numerics {

/// Draws from a joint normal distribution: mean + L n, with L the Cholesky factor of the covariance and n
/// independent standard normal numbers. Immutable; safe from any thread.
class JointNormal {
 public:
  /// `covariance` is row-major, symmetric and positive semi-definite. Requires: as many rows as `mean`.
  JointNormal(std::vector<double> mean, std::span<const double> covariance);

  std::size_t size() const { return mean_.size(); }
  /// One draw; takes size() normal numbers from `rng`, in order.
  std::vector<double> draw(Rng& rng) const;

 private:
  std::vector<double> mean_, root_;
};

}  // namespace energylens::numerics
