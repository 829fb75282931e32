// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <string>
#include <vector>

#include "energylens/core/rng.hpp"
#include "powercap/fit.hpp"

namespace energylens::powercap {

/// A sweep that follows a curve, with noise of `noise` in ln(time) and the same power.
inline Sweep sweep_of(const Curve& curve, double reference_w, const std::vector<double>& caps,
                      std::string model, double noise = 0, std::uint64_t seed = 1) {
  Rng rng(seed);
  Sweep out{"TestGPU", std::move(model), {}};
  for (const double cap : caps) {
    const Factors factors = at_cap(curve, reference_w, cap);
    const double time = 0.02 * factors.time * std::exp(noise * rng.normal());
    const double power = reference_w * factors.power;
    out.points.push_back({cap, power, power * time, time});
  }
  return out;
}

inline Curve known_curve() {
  Curve curve = prior_curve(400);
  curve.static_w = 62;
  curve.knee = 0.64;
  curve.exponent = 1.2;
  return curve;
}

inline std::vector<double> caps() {
  return {100, 125, 150, 175, 200, 225, 250, 275, 300, 325, 350, 375, 400};
}

}  // namespace energylens::powercap
