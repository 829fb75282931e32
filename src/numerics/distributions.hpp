// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>

namespace energylens::numerics {

/// Half-width of the central 90 % of a normal distribution, in standard deviations.
inline constexpr double kNormal90 = 1.6448536269514722;

/// P(Z <= x) of the standard normal distribution; unknown for an unknown x.
double normal_cdf(double x);
/// Its inverse. Requires: 0 < p < 1.
double normal_quantile(double p);
/// Quantile of Student's t. Requires: 0 < p < 1, dof > 0; dof need not be whole and may be infinite (normal).
double student_t_quantile(double p, double dof);

/// A range of counts, both ends included.
struct CountBand {
  std::size_t lo = 0, hi = 0;
  bool contains(std::size_t count) const { return lo <= count && count <= hi; }
};
/// Central band of the number of successes in n trials of probability p: each tail beyond it has probability
/// (1 - confidence) / 2 at most. Requires: 0 <= p <= 1, 0 < confidence < 1.
CountBand binomial_band(std::size_t n, double p, double confidence);

/// Score of the central (1 - alpha) interval [lo, hi] when `value` came: its width, plus 2/alpha times the
/// distance by which it missed; smaller is better. Unknown if an argument is. Source: Gneiting and Raftery
/// (2007), eq. 43. Requires: 0 < alpha < 1, lo <= hi.
double interval_score(double lo, double hi, double value, double alpha);

}  // namespace energylens::numerics
