// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "campaign/plan.hpp"

namespace energylens::campaign {

/// Model and quantisation may differ from target to target; the rest is the same for all.
struct Common {
  std::string model, quant;
};

/// A text of one line: names go into messages, file names and environments. Throws Error (bad input).
const std::string& one_line(const io::Json& value);
std::string one_line_or(const io::Json& json, std::string_view name, const std::string& fallback);
/// A whole number from 1 to `most`. Throws Error (bad input).
double whole(const io::Json& value, std::string_view what, double most);

/// The configurations of a plan file: its grid, or its list. Throws Error (bad input).
void read_targets(const io::Json& json, const Common& common, const PlanChanges& changes, Plan& plan);

}  // namespace energylens::campaign
