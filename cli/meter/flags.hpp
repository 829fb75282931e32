// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/meter/meter.hpp"
#include "energylens/meter/window.hpp"
#include "meter/recorders.hpp"

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
  /// The named ones, or all that are looked for by themselves. Recordings are played in real time, silent in
  /// holes longer than `max_gap_s`. Throws Error.
  std::vector<TriedMeter> open(double max_gap_s = meter::Limits{}.max_gap_s) const;
  /// The same for a verb that needs one. Throws Error (io) if a named one is missing, or nothing can be
  /// measured.
  std::vector<TriedMeter> open_some(double max_gap_s) const;
};

/// Those that could be opened; `tried` must outlive them.
std::vector<meter::NamedMeter> open_ones(const std::vector<TriedMeter>& tried);

/// What tells a source apart from the others: the name, with "=SOURCE" where several have that name.
std::string label_of(const TriedMeter& one, const std::vector<TriedMeter>& tried);
/// The same of those of `open_ones`.
std::vector<std::string> labels_of(const std::vector<TriedMeter>& tried);

/// "nvml: NVML finds no GPU; load the kernel module"
std::string missing_text(const TriedMeter& tried);

}  // namespace energylens::cli
