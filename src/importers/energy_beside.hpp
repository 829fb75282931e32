// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// Energy of all GPUs over a stretch of time.
struct GpuEnergy {
  double energy_j = kUnknown, duration_s = kUnknown;
  double begin_s = kUnknown;  ///< since 1970 UTC, if that is known
  double uncertainty_j = 0;   ///< what the steps of the meters leave open, where that is known
  std::size_t gpus = 0;
  std::string gpu_name;      ///< if all have the same
  bool gpus_differ = false;  ///< in their names
  std::string not_of_run;    ///< why the readings are not of the window; empty if they are
  std::vector<std::string> warnings;
};

/// A log or recording: a recording if its header has timestamp_unix, else an nvidia-smi log.
meter::Trace read_trace(const std::string& file, double utc_offset_s);

/// The devices of scope gpu that the request counts, over `window`. Throws Error (bad input) for a device
/// that the recording does not have, for a window that is none, and for one that is not validly measured or
/// leaves more than meter::kMostUncertain of its energy open, with the reason.
GpuEnergy energy_of(const meter::Trace& trace, const std::string& file, const meter::Window& window,
                    const Request& request);

/// What a JSON report of `energylens meter` says. Throws Error if it is invalid, has no GPU, or leaves more
/// than meter::kMostUncertain of its energy open.
GpuEnergy energy_of_report(const std::string& text, const std::string& file);

}  // namespace energylens::importers
