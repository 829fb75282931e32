// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/design/grid.hpp"

namespace energylens::cli {

/// How long each place takes to measure, and who says so.
struct MeasuringTimes {
  std::vector<double> seconds;  ///< by place; unknown where nobody says
  std::string source;           ///< "measured rows" | "simulator" | blank
};

/// From the law fitted to the times that were measured, else from the simulator if the catalogue knows model
/// and GPU.
MeasuringTimes measuring_times(const design::Problem& problem, const predictor::FitOptions& fit,
                               const hardware::Catalogue& catalogue);

}  // namespace energylens::cli
