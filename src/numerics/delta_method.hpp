// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <span>

namespace energylens::numerics {

// The delta method: to first order, a function f of fitted numbers with covariance C has the variance g' C g, where g
// is the gradient of f, and two functions have the covariance g' C h. For a positive f the interval is taken in ln f,
// whose gradient is g / f, so that it stays positive.

/// g' C h. `covariance` is row-major. Requires: as many rows as g and columns as h.
inline double bilinear(std::span<const double> g, std::span<const double> covariance,
                       std::span<const double> h) {
  double sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    sum += g[i] * std::inner_product(h.begin(), h.end(),
                                     covariance.begin() + static_cast<std::ptrdiff_t>(i * h.size()), 0.0);
  }
  return sum;
}

/// Standard deviation of ln(a new measurement of f): the uncertainty of f, whose variance is given, and the scatter
/// of measurements around f, in ln.
inline double log_sd(double variance, double value, double scatter) {
  return std::sqrt(std::max(variance, 0.0) / (value * value) + scatter * scatter);
}

}  // namespace energylens::numerics
