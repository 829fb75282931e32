// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/energy_beside.hpp"

namespace energylens::importers {

/// The time of a run from its result. `date` is the local time at which the result was written, to the second.
struct RunTime {
  double duration_s;  ///< above 0
  std::string date;   ///< "20260214-153825"; blank if unknown
};

/// The window of energy in a log: from the request, else from the date. Throws Error (bad input) if neither gives
/// it.
meter::Window window_of(const RunTime& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings);

/// Refuses a report (`energy_file`) that is longer or shorter than the run, since its energy would count as that of the
/// run, and a report that does not contain the end of the run in any zone of `date`. Throws Error.
void check_report(const GpuEnergy& report, const RunTime& run, const Request& request,
                  std::vector<std::string>& warnings);

}  // namespace energylens::importers
