// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "choose/limits.hpp"
#include "energylens/choose/choose.hpp"

namespace energylens::choose {

/// A configuration at its operating point, and what its joint draws need.
struct Resolved {
  Configuration result;
  table::Configuration config;  ///< as predicted
  predictor::Prediction alone;  ///< without idle GPUs
  bool exact = false;           ///< simulated for as long as its queue takes
  double joules_per_draw = 1;   ///< from scenario energy to `energy_j` without the idle part
};

/// factor * estimate + offset
void shift(predictor::Estimate& estimate, double factor, double offset);

/// Throws Error (usage) with the message unless `holds`.
void require(bool holds, const char* message);

/// Accepted ones first, by energy; the order of layouts breaks ties and orders the rejected.
void sort_by_energy(std::vector<Resolved>& all);

/// The limits of means and of power, with the predictions for them.
std::vector<Limited> limits_of_means(const Question& question, const predictor::Prediction& p);

}  // namespace energylens::choose
