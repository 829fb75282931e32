// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>

#include "energylens/core/rng.hpp"
#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/table/row.hpp"

/// Laws and configurations drawn at random, for properties that hold for all of them.
namespace energylens::parametric {

inline double between(double low, double high, Rng& rng) {
  return low + (high - low) * rng.uniform();
}

/// Scales over five decades, other positive parameters from 0.1 to 2, exponents in [-1, 1], that of the batch in [0, 1].
inline Parameters random_parameters(Rng& rng) {
  Parameters c;
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos()[j];
    if (info.scale) {
      c[j] = std::pow(10, between(-3, 2, rng));
    } else {
      c[j] = info.positive ? std::pow(10, between(-1, 0.3, rng)) : between(std::max(-1.0, info.min), 1, rng);
    }
  }
  return c;
}

/// Dense or, as often, a mixture of experts.
inline predictor::Facts random_facts(Rng& rng) {
  predictor::Facts facts;
  if (rng.below(2) == 0) return facts;
  facts.expert_share = between(0.01, 0.9, rng);
  facts.always_read_share = between(0, 0.9, rng);
  facts.fixed_time_share = between(0, 0.9, rng);
  return facts;
}

/// A job of whole requests on one replica.
inline table::Configuration random_job(Rng& rng) {
  table::Configuration config;
  config.layout.tp = 1 << rng.below(4);
  config.layout.pp = 1 << rng.below(4);
  config.load.batch = static_cast<double>(1 + rng.below(300));
  config.load.isl = static_cast<double>(1 + rng.below(4000));
  config.load.osl = static_cast<double>(1 + rng.below(2000));
  return config;
}

/// KV tokens that hold at least one such request: one wave to some hundred.
inline double random_capacity(const table::Load& load, Rng& rng) {
  return std::floor(between(1, 40, rng) * (load.isl + load.osl + 64));
}

}  // namespace energylens::parametric
