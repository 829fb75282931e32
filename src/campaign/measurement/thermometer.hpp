// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

#include "energylens/meter/recorders.hpp"

namespace energylens::campaign {

/// Temperatures of devices as they came: whether they still change. Not synchronised.
class Thermometer {
 public:
  /// One moment of the steady clock; what is unknown, or no later than the last, is passed over.
  void add(double time_s, double celsius);
  /// The greatest of these devices, read now.
  void read(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks);
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

/// Reads a thermometer from a thread of its own, as long as it lives; the meters are used by it alone
/// meanwhile.
class TemperatureWatch {
 public:
  /// `meters` and `tracks` must outlive this.
  TemperatureWatch(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks,
                   double period_s);
  TemperatureWatch(const TemperatureWatch&) = delete;
  TemperatureWatch& operator=(const TemperatureWatch&) = delete;
  ~TemperatureWatch();

  /// As it stands now.
  Thermometer thermometer() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  Thermometer thermometer_;
  std::thread thread_;
};

}  // namespace energylens::campaign
