// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <span>

#include "energylens/meter/recorders.hpp"

namespace energylens::campaign {

/// Temperatures of the devices that do the work, as they came: whether they still change.
class Thermometer {
 public:
  /// One moment of the steady clock; what is unknown, or no later than the last, is passed over.
  void add(double time_s, double celsius);
  /// The greatest of these devices, read now.
  void read(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks);
  /// What was recorded of these devices.
  void add(const meter::Trace& trace, std::span<const std::size_t> tracks);

  double last_c() const { return points_.empty() ? kUnknown : points_.back().celsius; }
  /// Degrees per minute, of the straight line through the readings of the last `over_s` seconds and the one
  /// before, at least three. Unknown if the readings do not reach that far back.
  double slope_c_per_min(double over_s) const;

 private:
  struct Point {
    double time_s, celsius;
  };
  std::deque<Point> points_;
};

}  // namespace energylens::campaign
