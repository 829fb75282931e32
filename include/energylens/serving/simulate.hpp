// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "energylens/core/parallel.hpp"
#include "energylens/serving/engine.hpp"
#include "energylens/serving/report.hpp"
#include "energylens/serving/traffic.hpp"

namespace energylens::serving {

struct SimulationOptions {
  RequestLimits limits;
  double power_window_s = 1;  ///< length of the windows of Report::power_w; 0: no windows
  std::uint64_t seed = 0;     ///< of random routing
  int clients = 0;            ///< above 0: a closed loop of so many, bound to replicas in turn
  const CancelToken* cancel = nullptr;
};

/// Serves all requests of a stream, from an empty deployment until the last answer. Memory does not grow with the stream, only
/// with the queue. Throws Error (usage) for an invalid deployment, (cancelled) when cancelled.
Report simulate(const Deployment& deployment, Traffic& traffic, const SimulationOptions& options = {});

/// The sum of `runs` simulations of the plan with random numbers of their own. The durations of their arrivals are evenly spread
/// quantiles, so that few runs represent the average one. The result does not depend on the number of threads.
Report simulate_runs(const Deployment& deployment, const TrafficPlan& plan, std::size_t runs,
                     const SimulationOptions& options = {}, const RunOptions& run = {});

/// Requests per second that the deployment serves when requests with these lengths always wait; round-robin. Deterministic for
/// a seed.
double saturation_rps(const Deployment& deployment, const Lengths& lengths, std::uint64_t seed = 0);

}  // namespace energylens::serving
