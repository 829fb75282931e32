// SPDX-License-Identifier: Apache-2.0
// Sensors give whole degrees, and a GPU at rest alternates between two of them, so the difference of two
// readings has no meaning; the slope is fitted by least squares over a span of time. The hottest device
// counts, since a temperature limit slows that one down. Held by thermometer_test.cpp.
#include "campaign/measurement/thermometer.hpp"

#include <algorithm>
#include <vector>

namespace energylens::campaign {
namespace {

constexpr std::size_t kMostPoints = 20000, kFewestPoints = 3;
/// Readings are discrete: they need not cover the whole span.
constexpr double kShareCovered = 0.8;

double greater(double a, double b) {
  return known(a) && !(b > a) ? a : b;
}

}  // namespace

void Thermometer::add(double time_s, double celsius) {
  if (!known(time_s) || !known(celsius) || (!points_.empty() && time_s <= points_.back().time_s)) return;
  points_.push_back({time_s, celsius});
  if (points_.size() > kMostPoints) points_.pop_front();
}

void Thermometer::read(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks,
                       const Clock& clock) {
  double hottest_c = kUnknown;
  std::size_t first = 0;
  for (const meter::NamedMeter& one : meters) {
    std::vector<meter::Reading> readings(one.meter->devices().size());
    const auto ours = [&](std::size_t track) { return track >= first && track < first + readings.size(); };
    if (std::ranges::any_of(tracks, ours)) one.meter->read(readings);
    for (const std::size_t track : tracks) {
      if (ours(track)) hottest_c = greater(hottest_c, readings[track - first].temperature_c);
    }
    first += readings.size();
  }
  add(clock.steady_now_s(), hottest_c);
}

double Thermometer::slope_c_per_min(double over_s) const {
  if (points_.size() < kFewestPoints) return kUnknown;
  const double end_s = points_.back().time_s;
  auto begin =
      std::ranges::find_if(points_, [&](const Point& point) { return point.time_s >= end_s - over_s; });
  if (begin != points_.begin()) --begin;  // readings are rare: those inside alone may not cover the span
  begin = std::min(begin, points_.end() - kFewestPoints);
  if (end_s - begin->time_s < kShareCovered * over_s) return kUnknown;
  double count = 0, mean_s = 0, mean_c = 0;
  for (auto point = begin; point != points_.end(); ++point)
    ++count, mean_s += point->time_s - end_s, mean_c += point->celsius;
  mean_s /= count, mean_c /= count;
  double across = 0, along = 0;
  for (auto point = begin; point != points_.end(); ++point) {
    const double s = point->time_s - end_s - mean_s;
    across += s * (point->celsius - mean_c);
    along += s * s;
  }
  return 60 * across / along;
}

TemperatureWatch::TemperatureWatch(std::span<const meter::NamedMeter> meters,
                                   std::span<const std::size_t> tracks, double period_s, Clock& clock)
    : clock_(clock) {
  thermometer_.read(meters, tracks, clock_);
  thread_ = clock_.start([this, meters, tracks, period_s] { watch(meters, tracks, period_s); });
}

void TemperatureWatch::watch(std::span<const meter::NamedMeter> meters, std::span<const std::size_t> tracks,
                             double period_s) {
  std::unique_lock lock(mutex_);
  for (double next_s = clock_.steady_now_s() + period_s;
       !clock_.wait_until(next_s, lock, wake_, [this] { return over_; });
       next_s = clock_.steady_now_s() + period_s)
    thermometer_.read(meters, tracks, clock_);
}

TemperatureWatch::~TemperatureWatch() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  clock_.notify(wake_);
  clock_.join(thread_);
}

Thermometer TemperatureWatch::thermometer() const {
  const std::lock_guard lock(mutex_);
  return thermometer_;
}

}  // namespace energylens::campaign
