// SPDX-License-Identifier: Apache-2.0
// The power of a deployment before its first request, and the devices that count. Held by measure_test.cpp,
// loop_test.cpp and parts_test.cpp.
#include "campaign/measurement/idle.hpp"

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
  Clock& clock = context.clock();
  meter::Recorders recorders(context.meters, context.options.record, clock);
  meter::Window window;
  window.begin_s = clock.wall_now_s();
  window.steady_begin_s = clock.steady_now_s();
  if (!clock.sleep(context.plan.settings.idle_s, context.options.cancel)) throw Error::cancelled();
  window.end_s = clock.wall_now_s();
  window.steady_end_s = clock.steady_now_s();
  const WindowEnergy energy = energy_in(recorders.stop(), selection, window, context.options.limits);
  if (energy.reasons.empty()) idle.watts = energy.joules / energy.seconds();
  if (!energy.reasons.empty()) idle.problem = energy.reasons.front();
  return idle;
}

}  // namespace energylens::campaign
