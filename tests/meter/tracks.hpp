// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <functional>

#include "energylens/meter/trace.hpp"

namespace energylens::meter {

/// How a made track looks.
struct TrackMaker {
  double begin_s = 1000, end_s = 1020, period_s = 0.1;
  double update_s = 0.1;  ///< of the counter
  bool counter = true, power = true, steady = true;
  double offset_j = 5000;  ///< the counter's value at begin_s
  double wrap_j = kUnknown;
  std::function<double(double)> power_w = [](double) { return 400.0; };         ///< by time
  std::function<double(double)> energy_j = [](double t) { return 400.0 * t; };  ///< its integral, by time

  Track make() const {
    Track track;
    track.device.name = "made";
    track.device.has_counter = counter;
    track.device.has_power = power;
    track.device.counter_wrap_j = wrap_j;
    track.device.power_average_s = 0;
    const auto count = static_cast<int>(std::lround((end_s - begin_s) / period_s));
    for (int i = 0; i <= count; ++i) {
      Reading reading;
      reading.time_s = begin_s + i * period_s;
      if (steady) reading.steady_s = reading.time_s - 900;
      // Half an update away from multiples, so that rounding cannot move a step.
      const double shown_s = update_s * std::floor((reading.time_s - begin_s) / update_s + 1e-6);
      double value = offset_j + energy_j(begin_s + shown_s) - energy_j(begin_s);
      if (known(wrap_j)) value = std::fmod(value, wrap_j);
      if (counter) reading.energy_j = value;
      if (power) reading.power_w = power_w(reading.time_s);
      track.readings.push_back(reading);
    }
    return track;
  }
};

}  // namespace energylens::meter
