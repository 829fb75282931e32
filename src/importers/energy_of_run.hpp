// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/run_window.hpp"

namespace energylens::importers {

/// The energy of a run from the energy file of the request: a log or recording over the time of the run, or a report of
/// `energylens meter`. No GPUs if the request names no file. Throws Error as `energy_of` and `window_of` do.
GpuEnergy energy_of_run(const RunTime& time, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings);

}  // namespace energylens::importers
