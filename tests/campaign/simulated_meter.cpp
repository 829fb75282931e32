// SPDX-License-Identifier: Apache-2.0
// A library with NVML's functions whose eight GPUs are those of a simulated server: their power is read from
// the file SIMULATED_STATE. The counter moves every SIMULATED_UPDATE_MS (5). With
// SIMULATED_TAU_S, temperature follows power with that time constant; without it there is none.
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

#include "campaign/simulated_state.hpp"
#include "meter/made_nvml.hpp"

using namespace energylens::meter;
using energylens::campaign::SharedState;
using energylens::campaign::SimulatedState;
using energylens::campaign::steady_s;

namespace {

constexpr unsigned kGpus = 8;
std::array<double, kGpus> most_seen_j{};

const SharedState& state() {
  static const char* const path = std::getenv("SIMULATED_STATE");
  static const SharedState shared(path ? path : "/dev/null/absent");
  return shared;
}

int index_of(NvmlDevice device) {
  return static_cast<int>(number_of(device)) - 1;
}

}  // namespace

extern "C" {

int nvmlInit_v2() {
  return kNvmlSuccess;
}
int nvmlDeviceGetCount_v2(unsigned* count) {
  *count = kGpus;
  return kNvmlSuccess;
}
int nvmlDeviceGetName(NvmlDevice, char* name, unsigned size) {
  return answer("Simulated GPU", name, size);
}
int nvmlDeviceGetUUID(NvmlDevice device, char* uuid, unsigned size) {
  return answer("GPU-simulated-" + std::to_string(index_of(device)), uuid, size);
}
int nvmlDeviceGetTotalEnergyConsumption(NvmlDevice device, unsigned long long* energy_mj) {
  const char* const update = std::getenv("SIMULATED_UPDATE_MS");
  const double update_s = 1e-3 * (update ? std::atof(update) : 5);
  const double now_s = update_s * std::floor(steady_s() / update_s);
  return state().with([&](const SimulatedState& now) {
    if (now.lost) return int{kNvmlGpuIsLost};
    // A request that joins a job in prefill changes what was drawn since its beginning: no step back for
    // that.
    double& most_j = most_seen_j[static_cast<std::size_t>(index_of(device))];
    most_j = std::max(most_j, 1e4 + now.energy_j(index_of(device), now_s));
    *energy_mj = static_cast<unsigned long long>(1000 * (now.reset ? most_j - 9e3 : most_j));
    return int{kNvmlSuccess};
  });
}
int nvmlDeviceGetTemperature(NvmlDevice device, int, unsigned* celsius) {
  const char* const tau = std::getenv("SIMULATED_TAU_S");
  if (!tau) return kNvmlNotSupported;
  return state().with([&](const SimulatedState& now) {
    if (now.lost) return int{kNvmlGpuIsLost};
    *celsius = static_cast<unsigned>(now.temperature_c(index_of(device), steady_s(), std::atof(tau)));
    return int{kNvmlSuccess};
  });
}
int nvmlDeviceGetPowerUsage(NvmlDevice device, unsigned* power_mw) {
  return state().with([&](const SimulatedState& now) {
    if (now.lost) return int{kNvmlGpuIsLost};
    *power_mw = static_cast<unsigned>(1000 * now.power_w(index_of(device), steady_s()));
    return int{kNvmlSuccess};
  });
}

}  // extern "C"
