// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// A stretch of time with its energy.
struct EnergyWindow {
  std::string name, gpu, scope;
  double energy_j = kUnknown, duration_s = kUnknown;
  double begin_s = kUnknown;  ///< since 1970; unknown if it is not stated
  double gpus = kUnknown, nodes = kUnknown, host_energy_j = kUnknown;
};

/// The windows in a file; what was left out becomes a warning. Throws Error (bad input, file:line:column).
std::vector<EnergyWindow> zeus_windows(const std::string& text, const std::string& file,
                                       std::vector<std::string>& warnings);
std::vector<EnergyWindow> codecarbon_windows(const std::string& text, const std::string& file,
                                             std::vector<std::string>& warnings);
std::vector<EnergyWindow> sacct_windows(const std::string& text, const std::string& file,
                                        std::vector<std::string>& warnings);

}  // namespace energylens::importers
