// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/predictor/predictor.hpp"

namespace energylens::predictor {

/// For each of `candidates`, the share of joint draws in which no other needs less energy; of equal ones the first
/// counts. `draws` is row-major, one row per draw, as returned by Predictor::draw. An unknown energy never wins.
/// Empty without draws.
/// Requires: candidates > 0 and draws.size() is a multiple of it.
std::vector<double> chances_best(std::span<const double> draws, std::size_t candidates);

/// The probability that the estimated quantity exceeds the limit, from a log-normal distribution with the 90 %
/// interval of the estimate; 0 or 1 without an interval. Unknown if the value or the limit is unknown.
double chance_above(const Estimate& estimate, double limit);

}  // namespace energylens::predictor
