// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace energylens::model {

/// For each of `candidates`, the share of joint draws in which none needs less energy; of equal ones the first
/// counts. `draws` is row-major, one row per draw, as Predictor::draw gives it; an energy that is not known
/// never wins. Empty for no draws.
/// Requires: candidates > 0 and draws.size() is a multiple of it.
std::vector<double> chances_best(std::span<const double> draws, std::size_t candidates);

}  // namespace energylens::model
