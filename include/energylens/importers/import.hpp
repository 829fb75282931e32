// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/meter/window.hpp"
#include "energylens/table/table.hpp"

namespace energylens::importers {

/// What to import, and what the files do not hold.
struct Request {
  std::vector<std::string> files;  ///< at least one; "-" is standard input
  /// Of the formats that hold no energy: a recording, an nvidia-smi log or a report of `energylens meter`.
  std::string energy_file;
  meter::Window window;     ///< of logs and recordings; unknown ends: as the format says
  meter::Limits limits;     ///< for these
  double utc_offset_s = 0;  ///< local time in the files minus UTC
  std::vector<std::string>
      gpus;  ///< devices of a log that count, by index, UUID or its beginning; empty = all
  /// Columns of the table for all rows; they replace what the files say.
  std::vector<std::pair<std::string, std::string>> set;
};

/// Rows of the table, and what was not understood or is missing, by name.
struct Imported {
  table::Table table;
  std::vector<std::string> warnings;
};

/// One format of somebody else.
struct Format {
  std::string_view name;
  std::string_view sentence;
  bool takes_energy_file;
  /// Throws Error (bad input, with file and place) for files that are not of the format, that lack what a row
  /// needs, or whose energy is not validly measured, left open by more than meter::kMostUncertain, or not of the
  /// run; Error (usage) for an unknown column in `set`.
  Imported (*import)(const Request&);
};

/// All formats. Names differ.
std::span<const Format> formats();
/// Throws Error (usage), naming the near one.
const Format& find_format(std::string_view name);

}  // namespace energylens::importers
