// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "energylens/predictor/predictor.hpp"

namespace energylens::predictor {

/// For each of `candidates`, the share of joint draws in which none needs less energy; of equal ones the first
/// counts. `draws` is row-major, one row per draw, as Predictor::draw gives it; an energy that is not known
/// never wins. Empty for no draws.
/// Requires: candidates > 0 and draws.size() is a multiple of it.
std::vector<double> chances_best(std::span<const double> draws, std::size_t candidates);

/// The chance that a value of this estimate exceeds the limit: log-normal about its value with the spread of
/// its 90 % interval; 0 or 1 where there is no interval. Unknown if the value or the limit is.
double chance_above(const Estimate& estimate, double limit);

}  // namespace energylens::predictor
