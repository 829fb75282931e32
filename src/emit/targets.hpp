// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "calculation/calculation.hpp"

namespace energylens::emit {

/// What is written down: the calculations of one group.
struct Subject {
  std::vector<calculation::Calculation> calculations;  ///< energy, time or both
  std::string program;                                 ///< "energylens 0.1.0"
  table::Layout layout{};                              ///< of a deployment, for targets that watch one
};

/// A language that formulas are emitted in.
struct Target {
  std::string_view name;
  std::string_view sentence;
  std::string (*write)(const Subject& subject);  ///< the content of the file
  bool text = true;                              ///< false: must be written to a file
};

std::span<const Target> targets();
/// Throws Error (usage) for an unknown name and suggests a similar one.
const Target& find_target(std::string_view name);

}  // namespace energylens::emit
