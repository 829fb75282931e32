// SPDX-License-Identifier: Apache-2.0
// Held by apply_test.cpp.
#include "powercap/apply.hpp"

#include <cmath>

#include "numerics/distributions.hpp"

namespace energylens::powercap {
namespace {

using predictor::Estimate;

/// The estimate times a factor whose logarithm has the standard deviation `log_sd`, independent of it.
Estimate times(const Estimate& estimate, double factor, double log_sd) {
  const double half = numerics::normal_quantile(0.95) * log_sd;
  const auto end = [&](double limit) {
    if (!known(limit) || !(limit > 0) || !(estimate.value > 0)) return limit * factor;
    const double own = std::log(limit / estimate.value);
    return estimate.value * factor * std::exp(std::copysign(std::hypot(own, half), own));
  };
  return {estimate.value * factor, end(estimate.lo), end(estimate.hi)};
}

/// The factors that `at` gives for the mean power of one GPU.
template <typename At>
std::optional<Factors> apply(const Curve& curve, int gpus, const At& at, predictor::Prediction& p) {
  const double reference_w = p.avg_power_w.value / gpus;
  if (!(reference_w > 0) || !known(curve.static_w)) return std::nullopt;
  const Factors factors = at(reference_w);
  for (Estimate* energy :
       {&p.total_energy_j, &p.prefill_energy_j, &p.decode_energy_j, &p.energy_per_out_token_j})
    *energy = times(*energy, factors.energy, factors.log_sd_energy);
  for (Estimate* time : {&p.total_time_s, &p.ttft_s, &p.tpot_s})
    *time = times(*time, factors.time, factors.log_sd_time);
  p.avg_power_w = times(p.avg_power_w, factors.power, 0);
  return factors;
}

}  // namespace

std::optional<Factors> apply_cap(const Curve& curve, int gpus, double cap_w,
                                 predictor::Prediction& prediction) {
  return apply(
      curve, gpus, [&](double reference_w) { return at_cap(curve, reference_w, cap_w); }, prediction);
}

std::optional<Factors> apply_clock(const Curve& curve, int gpus, double share,
                                   predictor::Prediction& prediction) {
  return apply(
      curve, gpus, [&](double reference_w) { return at_clock(curve, reference_w, share); }, prediction);
}

}  // namespace energylens::powercap
