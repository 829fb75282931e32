// SPDX-License-Identifier: Apache-2.0
#include "energylens/predictor/predictor.hpp"

#include <cmath>
#include <numeric>

namespace energylens::predictor {

Estimate scaled(const Estimate& estimate, double factor) {
  return {estimate.value * factor, estimate.lo * factor, estimate.hi * factor};
}

Estimate log_interval(double value, double log_half) {
  return {value, value * std::exp(-log_half), value * std::exp(log_half)};
}

Estimate mean_power(const Estimate& energy_j, const Estimate& time_s) {
  if (!known(energy_j.value) || !known(time_s.value)) return {};
  const double half = std::hypot(std::log(energy_j.hi / energy_j.value), std::log(time_s.hi / time_s.value));
  const double watts = energy_j.value / time_s.value;
  return {watts, watts * std::exp(-half), watts * std::exp(half)};
}

void drop_implausible(Prediction& prediction) {
  constexpr double kGreatest = 1e21, kRounding = 1e-9;
  const auto plausible = [](double value) { return !known(value) || (value > 0 && value < kGreatest); };
  Prediction& p = prediction;
  if (!plausible(p.total_energy_j.value)) {
    for (Estimate* energy :
         {&p.total_energy_j, &p.prefill_energy_j, &p.decode_energy_j, &p.energy_per_out_token_j})
      *energy = {};
  }
  const double least_j = -kRounding * p.total_energy_j.value;
  if (p.prefill_energy_j.value < least_j || p.decode_energy_j.value < least_j)
    p.prefill_energy_j = p.decode_energy_j = {};
  if (!plausible(p.total_time_s.value)) p.total_time_s = p.ttft_s = p.tpot_s = {};
  for (Estimate* latency : {&p.ttft_s, &p.tpot_s}) {
    if (latency->value != 0 && !plausible(latency->value)) *latency = {};  // 0: a formula without prefill
  }
}

bool wants(Target target, Metric metric) {
  return target == Target::both || (target == Target::energy) == (metric == Metric::energy);
}

std::size_t Predictor::choose(std::size_t group, std::span<const table::Row> candidates) const {
  std::size_t best = 0;
  double least = kUnknown;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const table::Configuration& config = candidates[i].config;
    const double energy = predict(group, config).scenario_energy(config.load.kind).value;
    if (known(energy) && !(energy >= least)) {
      least = energy;
      best = i;
    }
  }
  return best;
}

std::vector<table::Layout> Predictor::layouts(std::size_t) const {
  return {};
}

const GroupContext* Predictor::stored_context(std::size_t) const {
  return nullptr;
}

bool Predictor::states(std::size_t, Quantity) const {
  return true;
}

const Facts* Predictor::facts(std::size_t) const {
  return nullptr;
}

std::vector<double> Predictor::draw(std::size_t, std::span<const table::Configuration>, std::size_t,
                                    std::uint64_t) const {
  return {};
}

TrainingData all_rows(std::span<const table::Group> groups) {
  TrainingData data;
  for (const table::Group& group : groups) {
    TrainingGroup training{&group, std::vector<std::size_t>(group.rows.size()), table::scenarios(group)};
    std::iota(training.rows.begin(), training.rows.end(), std::size_t{0});
    data.push_back(std::move(training));
  }
  return data;
}

}  // namespace energylens::predictor
