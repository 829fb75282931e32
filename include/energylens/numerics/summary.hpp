// SPDX-License-Identifier: Apache-2.0
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
/// Median of the absolute deviations from the median, times 1.4826: the standard deviation of a normal
/// sample.
double mad_sd(std::span<const double> values);

// Weights are >= 0 and as many as values; a weight of 2 counts as the value given twice. Unknown if all are
// 0.
double weighted_mean(std::span<const double> values, std::span<const double> weights);
/// Where half of the weight lies below and half above; midway where two values share that place.
double weighted_median(std::span<const double> values, std::span<const double> weights);

}  // namespace energylens::numerics
