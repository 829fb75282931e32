// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "observe/deployments.hpp"

namespace energylens::observe {

/// What one window of time shows of a deployment; unknown where its metrics do not.
struct WindowFigures {
  double begin_s = kUnknown, length_s = kUnknown;
  double in_flight = kUnknown, in_flight_sd = kUnknown, idle_share = kUnknown, waiting = kUnknown;
  double requests = kUnknown, input_tokens = kUnknown, output_tokens = kUnknown, cached_tokens = kUnknown;
  double ttft_s = kUnknown, tpot_s = kUnknown, e2e_s = kUnknown;
  double power_w = kUnknown, power_sd_w = kUnknown;
  std::string reason;  ///< why it is no steady row; empty if it is one
};

/// Cuts the time of the options into windows. O(points).
std::vector<WindowFigures> cut_windows(const Deployment& deployment, const Options& options);

}  // namespace energylens::observe
