// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// The readings of one device in the order in which they were taken.
struct Track {
  Device device;
  std::vector<Reading> readings;
  /// Name of the source, "NAME=SOURCE" where several have that name; its devices are read together. May be
  /// empty.
  std::string meter;
};

/// A recording: one track per device.
struct Trace {
  std::string hostname;
  std::vector<Track> tracks;
  std::vector<std::string> warnings;  ///< columns and cells that were ignored, by name
};

/// Reads a recording to its end. Requires: a recording, since a live meter never ends.
Trace collect(Meter& recording);

/// The recording as CSV in the trace format (docs/reference/recording.md); parse_trace reads it back exactly.
std::string trace_csv(const Trace& trace);

/// Reads the trace format. Required columns are timestamp_unix, gpu_uuid or gpu_index, and power_w or
/// energy_counter_j. Unknown columns are ignored with a warning. With scrape_seq, a device without a row in
/// a scrape gets a reading with a problem. Throws Error (bad input,
/// file:line:column).
Trace parse_trace(std::string_view text, const std::string& file);

/// Reads a log of `nvidia-smi --query-gpu=timestamp,... --format=csv`: numbers with or without their unit;
/// "[N/A]" and the like are unknown. `utc_offset_s` is its clock minus UTC. A log without index, uuid or
/// pci.bus_id is of one GPU. Throws Error (bad input, file:line:column).
Trace parse_nvidia_smi(std::string_view text, const std::string& file, double utc_offset_s = 0);

}  // namespace energylens::meter
