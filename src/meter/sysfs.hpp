// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// The content of a small kernel file, without its line end.
struct KernelText {
  std::string text;
  int error = 0;  ///< errno; 0 if it was read
  bool read() const { return error == 0; }
};
KernelText read_kernel_file(const std::filesystem::path& path);
/// The same as a number; nothing if it is not one.
std::optional<double> read_kernel_number(const std::filesystem::path& path);

/// The folders in `folder` whose names begin with `prefix`, sorted; empty if the folder does not exist.
std::vector<std::filesystem::path> kernel_folders(const std::filesystem::path& folder,
                                                  const std::string& prefix);

/// A meter of counters that are files in microjoules: one for each device.
std::unique_ptr<Meter> counter_files(std::vector<Device> devices, std::vector<std::filesystem::path> files,
                                     const Clock& clock);

}  // namespace energylens::meter
