// SPDX-License-Identifier: Apache-2.0
// Three steps: sort out the readings (window_readings.cpp), compute the figures (measure_energy.cpp), and
// check them (validate.cpp). Held by window_test.cpp.
#include "energylens/meter/window.hpp"

#include <array>

#include "meter/window_readings.hpp"

namespace energylens::meter {

std::string_view energy_source_text(EnergySource source) {
  constexpr std::array<std::string_view, 3> kTexts = {"none", "counter", "integral"};
  return kTexts[static_cast<std::size_t>(source)];
}

Measurement measure(const Track& track, const Window& window, const Limits& limits) {
  const WindowReadings readings = select_readings(track, window, limits);
  const MeasuredEnergy measured = measure_energy(readings);
  Measurement result = measured.figures;
  for (Finding& finding : validate(readings, measured))
    (finding.invalidates ? result.reasons : result.warnings).push_back(std::move(finding.text));
  return result;
}

}  // namespace energylens::meter
