// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/energy_beside.hpp"

namespace energylens::importers {

/// When a run was, as its result tells: `date` is the local time, to the second, at which it was written.
struct RunTime {
  double duration_s;  ///< above 0
  std::string date;   ///< "20260214-153825"; blank if not stated
};

/// The window of energy in a log: as the request says, else from the date. Throws Error (bad input) if
/// neither tells.
meter::Window window_of(const RunTime& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings);

/// Refuses a report (of `energy_file`) of another length than the run, since its energy would count as the
/// run's, and one of another time: one that contains no end of the run whatever the zone of `date` is. Throws
/// Error.
void check_report(const GpuEnergy& report, const RunTime& run, const Request& request,
                  std::vector<std::string>& warnings);

}  // namespace energylens::importers
