// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>

namespace energylens::numerics {

// Summaries of samples in any order. A summary that its sample does not determine (empty, too few, or with an
// unknown value among them) is kUnknown. Pure; safe from any thread.

double mean(std::span<const double> values);
/// Standard deviation with n - 1; unknown for fewer than two values.
double sd(std::span<const double> values);
/// Linear between order statistics, at h = (n-1) p + 1: type 7 of Hyndman and Fan (1996), as in R and NumPy.
/// Requires: 0 <= p <= 1.
double quantile(std::span<const double> values, double p);
double median(std::span<const double> values);

}  // namespace energylens::numerics
