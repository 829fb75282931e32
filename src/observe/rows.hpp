// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "observe/windows.hpp"

namespace energylens::observe {

/// The rows of all deployments, and the windows that are none, by reason. Throws Error (bad input) if no engine was found, or
/// no window is steady, with the reasons.
Observed observed_rows(const std::vector<Series>& series, const Options& options);

/// Names of the metrics that are asked for.
std::vector<std::string> engine_names(), power_names();

}  // namespace energylens::observe
