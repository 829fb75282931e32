// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/launch.hpp"

#include "launch/launch.hpp"
#include "predictor/waves.hpp"

namespace energylens::cli {

std::string launch_text(const std::string& target, const choose::Configuration& best,
                        const choose::Question& question, const table::GroupIdentity& group,
                        const hardware::Catalogue& catalogue) {
  const hardware::Gpu* const gpu = catalogue.find_gpu(group["gpu"]);
  // A job and closed-loop clients never have more in flight. Of a rate only the mean is known, which bursts exceed.
  const double needed = question.arrival == choose::Arrival::rate ? kUnknown : best.in_flight;
  const double most =
      known(question.max_per_replica) ? question.max_per_replica * predictor::replicas(best.layout) : needed;
  return launch::text(target, {.model = group["model"],
                               .engine = group["engine"],
                               .gpu_vendor = gpu ? gpu->vendor : "",
                               .layout = best.layout,
                               .in_flight = most,
                               .gpu_memory_utilization = question.gpu_memory_utilization,
                               .power_limit_w = best.power_limit_w});
}

}  // namespace energylens::cli
