// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/io/json.hpp"
#include "energylens/meter/recorder.hpp"
#include "energylens/meter/window.hpp"

namespace energylens::cli {

/// What a command took of one device.
struct MeteredDevice {
  meter::Device device;
  std::string meter;              ///< with its source where several have that name
  meter::Measurement work, idle;  ///< `idle` has no source if it was not asked for
};

/// What a command took.
struct MeteredCommand {
  std::vector<std::string> words;
  int exit_code = 0;
  double begin_s = kUnknown, duration_s = kUnknown;
  std::vector<MeteredDevice> devices;
  std::vector<meter::Timing> timings;  ///< of each meter
  bool valid() const;
  bool of_this_run() const;  ///< no device was played from a recording, or showed an old page
};

/// The report as JSON, one object; as the rows of a CSV; as text for people.
io::Json metered_json(const MeteredCommand& command);
io::Json metered_rows(const MeteredCommand& command);
std::string metered_text(const MeteredCommand& command);

}  // namespace energylens::cli
