// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "energylens/meter/limits.hpp"
#include "energylens/meter/trace.hpp"

namespace energylens::meter {

enum class EnergySource { none, counter, integral };
std::string_view energy_source_text(EnergySource source);

/// Energy of one device over a window. Figures that the readings do not give are kUnknown. Where `reasons` is
/// not empty the figures may be wrong, and no table row may be made of them.
struct Measurement {
  Window window;  ///< as measured: unknown ends replaced
  double duration_s = kUnknown;
  double energy_j = kUnknown;
  EnergySource source = EnergySource::none;
  double uncertainty_j = kUnknown;  ///< because the times of counter updates, or of readings, are discrete
  double counter_j = kUnknown, integral_j = kUnknown;
  double disagreement = kUnknown;  ///< |counter - integral| / the greater; unknown unless both cover the same
  double mean_power_w = kUnknown;  ///< energy / duration
  double peak_power_w = kUnknown;  ///< greatest reading inside
  std::size_t readings = 0;        ///< good ones inside
  double largest_gap_s = kUnknown;
  double counter_update_s = kUnknown, power_update_s = kUnknown;  ///< median time between changes, measured
  Window source_window;    ///< by the times that the source itself states; unknown if it states none
  std::string provenance;  ///< where readings come from that are not of this window; empty if they are of it
  std::vector<std::string> reasons;   ///< why it is invalid; empty if valid
  std::vector<std::string> warnings;  ///< what to know although it may be valid
  bool valid() const { return reasons.empty(); }
};

/// Measures one device. Readings outside the window serve only to place its ends.
Measurement measure(const Track& track, const Window& window = {}, const Limits& limits = {});

}  // namespace energylens::meter
