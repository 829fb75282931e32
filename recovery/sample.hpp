// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "energylens/search/problem.hpp"
#include "recovery/known.hpp"

namespace energylens::recovery {

/// What a search is given, and what its answer is judged by.
struct Sample {
  search::Problem training;   ///< with noise
  std::vector<double> truth;  ///< the targets of `training` without it
  search::Problem held_out;   ///< without noise
  search::Problem outside;    ///< without noise; ranges a tenth wider on both sides, where finite
};

/// `noise`: standard deviation as a share of that of the target, or of each value for laws of energy. Suites
/// of formulas hold a quarter of the rows out; laws of energy get as many new rows.
Sample sample(const Known& known, double noise, std::uint64_t seed);

/// Values of the formula of a group at the inputs of a problem.
std::vector<double> values(const expr::Expr& formula, const search::Problem& problem);
/// Values of `known` at each row.
std::vector<double> values(const Known& known, const search::Problem& problem);

}  // namespace energylens::recovery
