// SPDX-License-Identifier: Apache-2.0
// What a deployment draws before its first request, and whose figures count. Held by loop_test.cpp and
// parts_test.cpp.
#include "campaign/measurement/idle.hpp"

#include <chrono>
#include <thread>

namespace energylens::campaign {

std::vector<meter::Device> devices_of(std::span<const meter::NamedMeter> meters) {
  std::vector<meter::Device> devices;
  for (const meter::NamedMeter& one : meters)
    devices.insert(devices.end(), one.meter->devices().begin(), one.meter->devices().end());
  return devices;
}

Selection selection_for(std::span<const meter::NamedMeter> meters, const table::Layout& layout) {
  std::vector<std::string> names;
  for (const meter::NamedMeter& one : meters)
    names.resize(names.size() + one.meter->devices().size(), one.name);
  return select(devices_of(meters), names, layout.gpus());
}

Idle measure_idle(const Context& context, const Deployment& deployment) {
  Idle idle;
  const Selection selection = selection_for(context.meters, deployment.layout);
  if (context.plan.settings.idle_s <= 0 || !selection.problem.empty()) return idle;
  meter::Recorders recorders(context.meters, context.options.record);
  meter::Window window{meter::unix_now_s(), kUnknown};
  for (const double end_s = meter::steady_now_s() + context.plan.settings.idle_s;
       meter::steady_now_s() < end_s;) {
    if (context.cancelled()) throw Error::cancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  window.end_s = meter::unix_now_s();
  const WindowEnergy energy = energy_in(recorders.stop(), selection, window, context.options.limits);
  if (energy.reasons.empty()) idle.watts = energy.joules / energy.seconds();
  if (!energy.reasons.empty()) idle.problem = energy.reasons.front();
  return idle;
}

}  // namespace energylens::campaign
