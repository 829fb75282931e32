// SPDX-License-Identifier: Apache-2.0
// Sums over devices of one scope; a sum with an invalid part is invalid. Held by parts_test.cpp.
#include "campaign/measurement/energy.hpp"

#include <cmath>

#include "energylens/meter/window.hpp"

namespace energylens::campaign {
namespace {

using meter::Scope;

std::vector<std::size_t> of_scope(const std::vector<meter::Device>& devices,
                                  const std::vector<std::string>& meters, Scope scope) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    if (devices[i].scope == scope && (found.empty() || meters[i] == meters[found.front()]))
      found.push_back(i);
  }
  return found;
}

std::string device_text(const meter::Device& device) {
  return std::string(meter::scope_text(device.scope)) + ' ' + std::to_string(device.index);
}

}  // namespace

Selection select(const std::vector<meter::Device>& devices, const std::vector<std::string>& meters,
                 int gpus) {
  Selection selection;
  std::vector<std::size_t> packages = of_scope(devices, meters, Scope::package);
  std::vector<std::size_t> host = packages;
  for (const std::size_t i : of_scope(devices, meters, Scope::dram)) host.push_back(i);
  for (const Scope scope : {Scope::gpu, Scope::module}) {
    std::vector<std::size_t> found = of_scope(devices, meters, scope);
    if (found.empty()) continue;
    selection.scope = meter::scope_text(scope);
    if (found.size() < static_cast<std::size_t>(gpus)) {
      selection.problem = "the layout uses " + std::to_string(gpus) + " GPUs, but only " +
                          std::to_string(found.size()) + " are metered";
      return selection;
    }
    found.resize(static_cast<std::size_t>(gpus));
    selection.tracks = std::move(found);
    if (scope == Scope::gpu) selection.host = std::move(host);
    return selection;
  }
  selection.scope = "package";
  selection.tracks = std::move(packages);
  if (selection.tracks.empty()) selection.problem = "no meter covers the devices that are used";
  return selection;
}

WindowEnergy energy_in(const meter::Trace& trace, const Selection& selection, const meter::Window& window,
                       const meter::Limits& limits) {
  WindowEnergy sum;
  sum.window = window;
  sum.joules = sum.uncertainty_j = 0;
  for (const std::size_t i : selection.tracks) {
    const meter::Track& track = trace.tracks[i];
    const meter::Measurement one = meter::measure(track, window, limits);
    sum.joules += one.energy_j;
    sum.uncertainty_j += one.uncertainty_j;
    if (sum.provenance.empty()) sum.provenance = one.provenance;
    for (const std::string& reason : one.reasons)
      sum.reasons.push_back(device_text(track.device) + ": " + reason);
    for (const std::string& warning : one.warnings)
      sum.warnings.push_back(device_text(track.device) + ": " + warning);
  }
  if (sum.reasons.empty() && !known(sum.joules)) sum.reasons.push_back("no energy was read");
  for (const std::size_t i : selection.host) {
    const meter::Measurement one = meter::measure(trace.tracks[i], window, limits);
    if (!known(sum.host_j)) sum.host_j = 0;
    sum.host_j += one.valid() ? one.energy_j : kUnknown;
    if (!known(sum.host_j)) break;
  }
  return sum;
}

io::Json window_json(const WindowEnergy& energy) {
  return io::Json::object(
      {{"begin_unix", energy.window.begin_s},
       {"end_unix", energy.window.end_s},
       {"energy_j", energy.joules},
       {"uncertainty_j", energy.uncertainty_j},
       {"host_energy_j", energy.host_j},
       {"not_of_run", energy.provenance.empty() ? io::Json() : io::Json(energy.provenance)}});
}

}  // namespace energylens::campaign
