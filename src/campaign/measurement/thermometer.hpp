// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

#include "meter/recorders.hpp"

namespace energylens::campaign {

/// Temperatures of devices over time, and their slope. Not synchronised.
class Thermometer {
 public:
  /// One moment of the steady clock. An unknown value, or a moment no later than the last, is ignored.
  void add(double time_s, double celsius);
  /// The highest temperature of these devices, read now.
  void read(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks,
            const Clock& clock);
  double last_c() const { return points_.empty() ? kUnknown : points_.back().celsius; }
  /// Degrees per minute: the slope of the straight line through the readings of the last `over_s` seconds and
  /// the one before, at least three. Unknown if the readings do not reach that far back.
  double slope_c_per_min(double over_s) const;

 private:
  struct Point {
    double time_s, celsius;
  };
  std::deque<Point> points_;
};

/// Reads a thermometer from a thread of its own until it is destroyed. Nobody else may use the meters
/// meanwhile.
class TemperatureWatch {
 public:
  /// All that it is given by reference must outlive this.
  TemperatureWatch(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks,
                   double period_s, Clock& clock);
  TemperatureWatch(const TemperatureWatch&) = delete;
  TemperatureWatch& operator=(const TemperatureWatch&) = delete;
  ~TemperatureWatch();

  /// A copy of its present state.
  Thermometer thermometer() const;

 private:
  void watch(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks, double period_s);

  Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool over_ = false;
  Thermometer thermometer_;
  std::thread thread_;
};

}  // namespace energylens::campaign
