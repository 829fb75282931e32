// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "fleet/fleet.hpp"

namespace energylens::fleet {

/// A pool as its file states it.
struct PoolText {
  std::string name, model_file;
  std::vector<std::string> where;  ///< COL=VALUE, which group of the model file
  int gpus = 0;
  std::vector<table::Layout> layouts;
  std::vector<double> power_limits_w;
  double gpu_idle_w = kUnknown;
  io::Json place;  ///< for messages
};

/// A fleet as its file states it; `fleet.pools` is empty until the model files are read.
struct FleetFile {
  std::vector<PoolText> pools;
  Fleet fleet;
};

/// Reads a fleet in JSON (docs/reference/fleet.md). Throws Error (bad input) with file, line and column.
FleetFile parse_fleet(const std::string& text, const std::string& file);

}  // namespace energylens::fleet
