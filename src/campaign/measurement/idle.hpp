// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "campaign/measurement/energy.hpp"
#include "campaign/serving/context.hpp"

namespace energylens::campaign {

/// Power of a loaded deployment without requests, W; if unknown, the reason.
struct Idle {
  double watts = kUnknown;
  std::string problem;
};
/// Throws Error (cancelled).
Idle measure_idle(const Context& context, const Deployment& deployment);

/// Which of the meters' devices do the work of the deployment.
Selection selection_for(std::span<const meter::NamedMeter> meters, const table::Layout& layout);
/// All devices of the meters, in the order of their tracks.
std::vector<meter::Device> devices_of(std::span<const meter::NamedMeter> meters);

}  // namespace energylens::campaign
