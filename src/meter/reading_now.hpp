// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/core/clock.hpp"
#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// A reading without figures yet, taken now.
inline Reading reading_now(const Clock& clock) {
  Reading reading;
  reading.time_s = clock.wall_now_s();
  reading.steady_s = clock.steady_now_s();
  return reading;
}

}  // namespace energylens::meter
