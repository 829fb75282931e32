// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "choose/resolved.hpp"

namespace energylens::choose {

/// Simulates the accepted configurations of least energy under the traffic of the question, block by block until enough of them
/// keep its limits, and finds the largest rates of the first ones. Those that were not simulated are rejected. `all` is
/// sorted by energy before and after.
void simulate_best(const predictor::Predictor& predictor, const predictor::Facts& facts,
                   const Question& question, std::vector<Resolved>& all);

}  // namespace energylens::choose
