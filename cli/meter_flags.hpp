// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "energylens/meter/meter.hpp"

namespace energylens::cli {

/// A source that was tried.
struct TriedMeter {
  const meter::Backend* backend = nullptr;
  std::string source;
  meter::Opened opened;
};

/// --meter NAME[=SOURCE], repeated.
struct MeterFlags {
  std::vector<std::string> names;
  void declare(Arguments& args);
  /// The named ones, or all that are looked for by themselves. Recordings are played in real time. Throws
  /// Error.
  std::vector<TriedMeter> open() const;
};

/// "nvml: NVML finds no GPU; load the kernel module"
std::string missing_text(const TriedMeter& tried);

}  // namespace energylens::cli
