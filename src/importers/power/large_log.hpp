// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "importers/energy_beside.hpp"

namespace energylens::importers {

/// Logs from this size on are not read into memory.
inline constexpr double kLargeLogBytes = 256e6;
/// Whether `file` is a regular file of that size.
bool is_large_log(const std::string& file, double from_bytes = kLargeLogBytes);

/// Energy of the GPUs in a log of nvidia-smi that may be larger than memory. With both ends of the window known, only the
/// lines around it are kept and measured as those of a small log. Else power is integrated while the log streams by, over
/// the time that all GPUs cover. Throws Error (bad input) as for small logs: for another form than nvidia-smi writes, for
/// gaps, unreadable power, and several GPUs that no column identifies.
GpuEnergy energy_of_large_log(const std::string& file, const Request& request);

/// The lines of a log within a window and some seconds around it, below the header.
std::string lines_within(const std::string& file, const meter::Window& window, const Request& request);

}  // namespace energylens::importers
