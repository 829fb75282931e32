// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/core/number_text.hpp"

namespace energylens::meter {

/// A span of time, in seconds since 1970. An unknown end reaches as far as the readings.
struct Window {
  double begin_s = kUnknown, end_s = kUnknown;
  /// The same moments by the monotonic clock of the readings, where known: then the system's clock may have been set in
  /// between, within Limits::max_clock_step_s.
  double steady_begin_s = kUnknown, steady_end_s = kUnknown;
};

/// The largest uncertainty of an energy, as a share of it, that a measurement may have.
inline constexpr double kMostUncertain = 0.1;

/// A measurement beyond these limits is invalid (docs/method/measuring.md gives the reasons).
struct Limits {
  double max_gap_s = 3;                     ///< between two good readings
  double max_clock_step_s = 0.5;            ///< of the system's clock, between two readings
  double max_uncertainty = kMostUncertain;  ///< as a share of the energy
  double max_disagreement = 0.05;  ///< of counter and integrated power, after the lag of power is allowed for
  double cross_check_from_s = 10;  ///< shorter windows may miss more changes of power between readings
  double max_source_age_s = 60;    ///< of a live source by its own time; exporters renew every 30 s
  double max_power_w = 20e3;  ///< of one device; a counter that rises faster was reset, more power is wrong
};

}  // namespace energylens::meter
