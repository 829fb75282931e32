// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <vector>

#include "energylens/serving/engine.hpp"

namespace energylens::serving {

/// Costs of a small law: a step of n requests takes `step` + `each` n^0.8 + `cached` per cached token, a prompt `token` per
/// token, and a step without decoding `start`; one joule is 0.001 s.
struct AffineCosts {
  double step = 0.01, each = 0.0005, cached = 1e-8, token = 2e-5, start = 0.008;
  double idle_w = 50;
  static constexpr double kWatts = 1000;

  StepCosts costs(int most = 512) const {
    std::vector<DecodeCost> decode;
    for (int n = 1; n <= most; ++n) {
      const double s = step + each * std::pow(n, 0.8);
      decode.push_back({{s, kWatts * s}, {cached, kWatts * cached}});
    }
    return {
        decode, {{0, {}}, {1000, {1000 * token, 1000 * kWatts * token}}}, {start, kWatts * start}, idle_w};
  }
  double seconds(int n, double context, int prefill) const {
    const double decode = n > 0 ? step + each * std::pow(n, 0.8) + cached * context : start;
    return decode + token * prefill;
  }
};

}  // namespace energylens::serving
