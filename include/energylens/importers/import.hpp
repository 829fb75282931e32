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

/// The files to import, and the facts that they do not contain.
struct Request {
  std::vector<std::string> files;  ///< at least one; "-" is standard input
  /// Energy for formats that contain none: a recording, an nvidia-smi log or a report of `energylens meter`.
  std::string energy_file;
  meter::Window window;     ///< in logs and recordings; unknown ends: as the format defines
  meter::Limits limits;     ///< of a valid measurement in them
  double utc_offset_s = 0;  ///< local time in the files minus UTC
  /// The same for the date of a result, and for the log beside it, where they are of different zones.
  double date_utc_offset_s = kUnknown, log_utc_offset_s = kUnknown;
  std::vector<std::string> gpus;  ///< GPUs of a log to include, by index or (beginning of) UUID; empty = all
  /// Columns of the table for all rows; they replace values from the files.
  std::vector<std::pair<std::string, std::string>> set;
};

/// Rows of the table, and warnings about missing and unknown values.
struct Imported {
  table::Table table;
  std::vector<std::string> warnings;
};

/// One file format of another tool.
struct Format {
  std::string_view name;
  std::string_view sentence;
  bool takes_energy_file;
  /// Throws Error (bad input, with file and place) for files of another format, missing required values, and energy
  /// that is not validly measured, more uncertain than meter::kMostUncertain, or not of the run; Error (usage) for an
  /// unknown column in `set`.
  Imported (*import)(const Request&);
};

/// All formats. Names differ.
std::span<const Format> formats();
/// Throws Error (usage) for an unknown name.
const Format& find_format(std::string_view name);

}  // namespace energylens::importers
