// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "energylens/core/clock.hpp"
#include "energylens/meter/meter.hpp"

namespace energylens::meter {

/// A GPU that lives by a clock: its power is what a test sets, its counter moves at multiples of `update_s`.
/// Safe from any thread.
class ClockedMeter : public Meter {
 public:
  explicit ClockedMeter(Clock& clock, double power_w = 300, double update_s = 0.05)
      : clock_(clock), update_s_(update_s), steps_{{clock.steady_now_s(), 5000, power_w}} {
    Device device;
    device.name = "clocked";
    device.has_counter = device.has_power = true;
    device.power_average_s = 0;
    devices_ = {device};
  }

  void set_power(double power_w) {
    const std::lock_guard lock(mutex_);
    const double now_s = clock_.steady_now_s();
    steps_.push_back({now_s, energy_j(now_s), power_w});
  }
  /// Joules that it took up to now, between updates too.
  double energy_now_j() const {
    const std::lock_guard lock(mutex_);
    return energy_j(clock_.steady_now_s());
  }
  void set_temperature(std::function<double(double)> celsius) { celsius_ = std::move(celsius); }
  /// Every reading takes this long from now on.
  void set_read_time(double seconds) { read_s_ = seconds; }

  const std::vector<Device>& devices() const override { return devices_; }
  bool read(std::span<Reading> readings) override {
    if (read_s_ > 0) clock_.sleep(read_s_);
    const std::lock_guard lock(mutex_);
    Reading& reading = readings[0];
    reading = {};
    reading.time_s = clock_.wall_now_s();
    reading.steady_s = clock_.steady_now_s();
    // Slightly after the update, so that rounding cannot move it.
    reading.energy_j = energy_j(update_s_ * std::floor(reading.steady_s / update_s_ + 1e-6));
    reading.power_w = steps_.back().power_w;
    if (celsius_) reading.temperature_c = celsius_(reading.steady_s);
    return true;
  }
  bool read_counters(std::span<Reading> readings) override {
    read(readings);
    readings[0].power_w = kUnknown;
    return true;
  }

 private:
  struct Step {
    double from_s, energy_j, power_w;
  };

  double energy_j(double time_s) const {
    auto step = steps_.rbegin();
    while (step + 1 != steps_.rend() && step->from_s > time_s) ++step;
    return step->energy_j + step->power_w * std::max(0.0, time_s - step->from_s);
  }

  Clock& clock_;
  double update_s_;
  std::vector<Step> steps_;
  std::vector<Device> devices_;
  std::function<double(double)> celsius_;
  double read_s_ = 0;
  mutable std::mutex mutex_;
};

}  // namespace energylens::meter
