// SPDX-License-Identifier: Apache-2.0
// Times are put on the monotonic clock (steady_track.cpp). Then three steps: sort out the readings (window_readings.cpp), compute the figures (measure_energy.cpp), and
// check them (validate.cpp). Held by window_test.cpp.
#include "energylens/meter/window.hpp"

#include <array>

#include "meter/steady_track.hpp"
#include "meter/window_readings.hpp"

namespace energylens::meter {

std::string_view energy_source_text(EnergySource source) {
  constexpr std::array<std::string_view, 3> kTexts = {"none", "counter", "integral"};
  return kTexts[static_cast<std::size_t>(source)];
}

namespace {

Measurement measured(const WindowReadings& readings) {
  const MeasuredEnergy energy = measure_energy(readings);
  Measurement result = energy.figures;
  for (Finding& finding : validate(readings, energy))
    (finding.invalidates ? result.reasons : result.warnings).push_back(std::move(finding.text));
  return result;
}

}  // namespace

Measurement measure(const Track& track, const Window& window, const Limits& limits) {
  const bool is_set = !clock_step_in(track, window, limits).empty();
  const std::optional<SteadyTrack> steady = is_set ? std::nullopt : on_steady_clock(track, window);
  if (!steady) return measured(select_readings(track, window, limits));
  Measurement result = measured(select_readings(steady->track, steady->window, limits));
  if (known(window.end_s)) result.window.end_s = window.end_s;
  return result;
}

}  // namespace energylens::meter
