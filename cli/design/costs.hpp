// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "design/grid.hpp"

namespace energylens::cli {

/// How long each place takes to measure, and the source of these times.
struct MeasuringTimes {
  std::vector<double> seconds;  ///< by place; may be unknown
  std::string source;           ///< "measured rows" | "simulator" | blank
};

/// From the law fitted to the measured times, else from the simulator if the catalogue has the model and the
/// GPU.
MeasuringTimes measuring_times(const design::Problem& problem, const predictor::FitOptions& fit,
                               const hardware::Catalogue& catalogue);

}  // namespace energylens::cli
