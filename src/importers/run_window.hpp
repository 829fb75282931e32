// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "importers/energy_beside.hpp"

namespace energylens::importers {

/// The time of a run from its result. `date` is the local time at which the result was written, to the second.
struct RunTime {
  double duration_s;                            ///< above 0
  std::string date;                             ///< "20260214-153825"; blank if unknown
  double begin_s = kUnknown, end_s = kUnknown;  ///< as the result states them, s since 1970
};

/// The window of energy in a log: from the request, else as the result states it, else from the date. Throws Error (bad
/// input) if none of these gives it.
meter::Window window_of(const RunTime& run, const Request& request, const std::string& file,
                        std::vector<std::string>& warnings);
/// Whether an end of that window comes from the date.
bool is_by_date(const RunTime& run, const Request& request);

/// Refuses a log in local time, for a window by the date, that covers the run both if the date has the zone of the log, as
/// `utc_offset_s` states for both, and if it is in UTC. Throws Error (bad input).
void refuse_two_clocks(const meter::Trace& log, const meter::Window& window, const Request& request);

/// A sentence if the GPUs drew much more in the same time some whole hours away, so that the two clocks may be of
/// different zones; else empty.
std::string other_zone_text(const meter::Trace& log, const meter::Window& window);

/// Refuses a report (`energy_file`) that is longer or shorter than the run, since its energy would count as that of the
/// run, and a report that does not contain the run: by the times that the result states, or its end in any zone of
/// `date`. Throws Error.
void check_report(const GpuEnergy& report, const RunTime& run, const Request& request,
                  std::vector<std::string>& warnings);

}  // namespace energylens::importers
