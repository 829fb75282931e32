// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "energylens/meter/trace.hpp"

namespace energylens::meter {

/// A stretch of time, in seconds since 1970. What is unknown reaches as far as the readings.
struct Window {
  double begin_s = kUnknown, end_s = kUnknown;
};

/// The most that the steps of counters, or readings far apart, may leave open of an energy, as a share of it.
inline constexpr double kMostUncertain = 0.1;

/// What a measurement may not exceed (docs/method/measuring.md gives the reasons).
struct Limits {
  double max_gap_s = 3;                     ///< without any good reading
  double max_clock_step_s = 0.5;            ///< between two readings
  double max_uncertainty = kMostUncertain;  ///< as a share of the energy
  double max_disagreement = 0.05;  ///< of counter and integrated power, and what the lag of power explains
  double cross_check_from_s = 10;  ///< in shorter windows readings may miss more of the changes of power
  double max_source_age_s =
      60;  ///< that a live source may lag behind by its own time; exporters renew every 30 s
  double max_power_w =
      20e3;  ///< of one device; a counter that needs more was reset, a reading of more is wrong
};

enum class EnergySource { none, counter, integral };
std::string_view energy_source_text(EnergySource source);

/// Energy of one device over a window. Figures are kUnknown where the readings do not give them; where
/// `reasons` is not empty they may be wrong and no row may be made of them.
struct Measurement {
  Window window;  ///< as measured: unknown ends replaced
  double duration_s = kUnknown;
  double energy_j = kUnknown;
  EnergySource source = EnergySource::none;
  double uncertainty_j =
      kUnknown;  ///< what the moments of the counter's updates, or of the readings, leave open
  double counter_j = kUnknown, integral_j = kUnknown;
  double disagreement = kUnknown;  ///< |counter - integral| / the greater; unknown unless both cover the same
  double mean_power_w = kUnknown;  ///< energy / duration
  double peak_power_w = kUnknown;  ///< greatest reading inside
  std::size_t readings = 0;        ///< good ones inside
  double largest_gap_s = kUnknown;
  double counter_update_s = kUnknown, power_update_s = kUnknown;  ///< median time between changes, measured
  Window source_window;  ///< the moments that the source itself states; unknown if it states none
  std::string
      not_of_run;  ///< why the readings are not of this window though they look live; empty if they are
  std::vector<std::string> reasons;   ///< why it is invalid; empty if valid
  std::vector<std::string> warnings;  ///< what to know all the same
  bool valid() const { return reasons.empty(); }
};

/// Measures one device. Readings outside of the window count only as neighbours of its edges.
Measurement measure(const Track& track, const Window& window = {}, const Limits& limits = {});

}  // namespace energylens::meter
