// SPDX-License-Identifier: Apache-2.0
// The closed form, and its uncertainty by the delta method in the logarithms of the three numbers. Held by
// curve_test.cpp.
#include "energylens/powercap/curve.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::powercap {
namespace {

constexpr double kSharpness = 5;      // of the corner between memory and arithmetic
constexpr double kLeastClock = 0.14;  // RTX 4000 Ada under caps of 30 to 50 W, which draws 40 W
constexpr double kMostStatic = 0.9;   // of the reference, so that some power follows the clock
constexpr double kStaticShare = 0.12, kUsualKnee = 0.55, kUsualExponent = 1;
constexpr std::array<double, 3> kPriorSds = {0.5, 0.25, 0.15};
constexpr double kStep = 1e-4;  // of the logarithm of a number, for derivatives

struct Values {
  double clock, power, time;
};

double static_of(const Curve& curve, double reference_w) {
  return std::min(curve.static_w, kMostStatic * reference_w);
}

/// Power over the reference.
double power_at(const Curve& curve, double reference_w, double clock) {
  const double rest = static_of(curve, reference_w) / reference_w;
  return rest + (1 - rest) * std::pow(clock, curve.exponent);
}

double time_at(const Curve& curve, double clock) {
  const double bound = std::pow(curve.knee / clock, kSharpness), before = std::pow(curve.knee, kSharpness);
  return std::pow((1 + bound) / (1 + before), 1 / kSharpness);
}

Values values_at_clock(const Curve& curve, double reference_w, double clock) {
  return {clock, power_at(curve, reference_w, clock), time_at(curve, clock)};
}

Values values_at_cap(const Curve& curve, double reference_w, double cap_w) {
  const double least = power_at(curve, reference_w, kLeastClock);
  const double power = std::clamp(curve.cap_use * cap_w / reference_w, least, 1.0);
  const double rest = static_of(curve, reference_w) / reference_w;
  const double clock = std::pow((power - rest) / (1 - rest), 1 / curve.exponent);
  return values_at_clock(curve, reference_w, std::clamp(clock, kLeastClock, 1.0));
}

/// The curve with the logarithm of one number a step further.
Curve moved(const Curve& curve, std::size_t number) {
  Curve out = curve;
  double* const numbers[] = {&out.static_w, &out.knee, &out.exponent};
  *numbers[number] *= std::exp(kStep);
  return out;
}

double spread(const std::array<double, 3>& slopes, const Curve& curve) {
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) variance += slopes[i] * curve.covariance[3 * i + j] * slopes[j];
  }
  return std::max(variance, 0.0);
}

template <typename At>
Factors factors(const Curve& curve, const At& at) {
  const Values here = at(curve);
  Factors out{here.clock, here.power, here.time, here.power * here.time, 0, 0};
  std::array<double, 3> time{}, energy{};
  for (std::size_t i = 0; i < 3; ++i) {
    const Values there = at(moved(curve, i));
    time[i] = std::log(there.time / here.time) / kStep;
    energy[i] = time[i] + std::log(there.power / here.power) / kStep;
  }
  const double beyond = curve.residual_sd * std::min(1.0, 2 * (1 - here.power));
  out.log_sd_time = std::sqrt(spread(time, curve) + beyond * beyond);
  out.log_sd_energy = std::sqrt(spread(energy, curve) + beyond * beyond);
  return out;
}

}  // namespace

Curve prior_curve(double tdp_w) {
  Curve curve;
  curve.static_w = kStaticShare * tdp_w;
  curve.knee = kUsualKnee;
  curve.exponent = kUsualExponent;
  for (std::size_t i = 0; i < 3; ++i) curve.covariance[4 * i] = kPriorSds[i] * kPriorSds[i];
  return curve;
}

Factors at_cap(const Curve& curve, double reference_w, double cap_w) {
  return factors(curve, [&](const Curve& one) { return values_at_cap(one, reference_w, cap_w); });
}

Factors at_clock(const Curve& curve, double reference_w, double share) {
  return factors(curve, [&](const Curve& one) { return values_at_clock(one, reference_w, share); });
}

}  // namespace energylens::powercap
