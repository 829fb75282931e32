// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "cli/plot.hpp"
#include "energylens/search/front.hpp"
#include "plot/chart.hpp"

namespace energylens::cli {

/// Errors of the formulas of a front against their complexity, the picked one marked. `files`: the tables searched.
plot::Chart front_chart(const search::Front& front, const std::vector<std::string>& files);

}  // namespace energylens::cli
