// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "energylens/table/row.hpp"

namespace energylens::emit {

/// How a target is run: files next to the emitted one, and a shell command that reads configurations from `in.csv` and
/// writes one line `energy_j,time_s` for each to `out.csv`, with 17 digits; "nan" or nothing for an unknown value.
struct Runner {
  std::string target;
  std::string file;   ///< name of the emitted file
  std::string needs;  ///< shell command that succeeds where the tool is there
  std::string command;
  std::string driver_file, driver;
  double tolerance = 1e-9;
  std::size_t most = 10000;  ///< configurations
  std::size_t models = 6;    ///< fewer where compiling takes long
};
std::vector<Runner> runners();

/// The configurations as CSV: a header of input names; blank where not stated.
std::string configurations_csv(const std::vector<table::Configuration>& configs);

}  // namespace energylens::emit
