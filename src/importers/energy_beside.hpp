// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// Energy over a stretch of time: of all GPUs, or of modules, nodes or the wall where the file has no GPU.
struct GpuEnergy {
  double energy_j = kUnknown, duration_s = kUnknown;
  double begin_s = kUnknown;  ///< since 1970 UTC, if that is known
  double uncertainty_j = 0;   ///< from the resolution of the counters, where it is known
  std::size_t gpus = 0;       ///< devices of `scope`
  std::string scope = "gpu";  ///< what the energy covers
  std::string gpu_name;       ///< if all GPUs have the same
  bool gpus_differ = false;   ///< their names differ
  std::string not_of_run;     ///< why the readings are not from this run; empty if they are
  std::vector<std::string> warnings;
};

/// A log or recording of `format`; without one, of the format that is recognised by its content, nvidia-smi if none is.
meter::Trace read_trace(const std::string& file, const Request& request, std::string_view format = {});
/// Whether the times of the file are local; by its beginning.
bool is_local_time(const std::string& text);

/// Energy of the GPUs that the request selects, over `window`. Throws Error (bad input) with the reason for a device
/// that the recording lacks, an impossible window, an invalid measurement, and an uncertainty of more than
/// meter::kMostUncertain.
GpuEnergy energy_of(const meter::Trace& trace, const std::string& file, const meter::Window& window,
                    const Request& request);

/// Energy from a JSON report of `energylens meter`. Throws Error if it is invalid, has no GPU, or has an uncertainty of
/// more than meter::kMostUncertain.
GpuEnergy energy_of_report(const std::string& text, const std::string& file);

}  // namespace energylens::importers
