// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <string>

#include "energylens/core/error.hpp"
#include "energylens/importers/import.hpp"

namespace energylens::importers {

/// One reading of one device, as a log states it.
struct PowerSample {
  std::string host, uuid, name;
  int index = 0;
  meter::Scope scope = meter::Scope::gpu;
  double time_s = kUnknown;  ///< since 1970; unknown in logs without times
  double power_w = kUnknown, energy_j = kUnknown;
  std::string problem;  ///< why it could not be read
};

/// Collects the readings of a log into one track per device.
class TraceBuilder {
 public:
  TraceBuilder(std::string file, const Request& request) : file_(std::move(file)), request_(request) {}

  /// Throws Error (bad input) for a second reading of one device and time, and for a reading without time unless the
  /// request states the period of the log: then each reading of a device is a period after the one before.
  void add(PowerSample sample, const Place& place = {});
  /// A time as the log writes it, in UTC. A time of day rolls over at midnight and is of 1970. Throws Error (bad input)
  /// for text that is not a time.
  double time_of(std::string_view text, const Place& place);
  void warn(std::string text) { trace_.warnings.push_back(std::move(text)); }

  /// The trace. Throws Error (bad input) if it has no reading, or readings of several devices in one track.
  meter::Trace finish();

 private:
  std::string file_;
  const Request& request_;
  meter::Trace trace_;
  std::map<std::string, std::size_t> tracks_;
  double day_s_ = 0, last_of_day_s_ = kUnknown;
};

/// The import of a log: a row for the window of each file. Shared by all formats of power.
Imported import_log(const Request& request, std::string_view format);

}  // namespace energylens::importers
