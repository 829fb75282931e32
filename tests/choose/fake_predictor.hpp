// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/predictor/facts.hpp"
#include "energylens/predictor/predictor.hpp"
#include "predictor/waves.hpp"

namespace energylens::choose {

/// A predictor whose every answer follows from four numbers per GPU count, so that tests can solve questions
/// by hand. One replica of n = tp * pp GPUs with B requests in flight:
///     S(B) = (fixed_s + each_s B) / n^speedup,  P(B) = n watts_per_gpu,  E(B) = P(B) S(B).
struct FakePredictor : predictor::Predictor {
  double fixed_s = 1, each_s = 0.1, speedup = 0.5, watts_per_gpu = 100;
  double capacity_tokens = kUnknown;
  double noise = 0;  ///< relative deviation of the joint draws, independent by configuration
  bool knows_time = true;
  std::vector<table::Layout> seen;
  std::vector<table::GroupIdentity> identities{1};

  double service_s(const table::Layout& layout, double batch) const {
    return (fixed_s + each_s * batch) / std::pow(layout.tp * layout.pp, speedup);
  }

  std::string_view kind() const override { return "fake"; }
  std::span<const table::GroupIdentity> groups() const override { return identities; }
  std::vector<table::Layout> layouts(std::size_t) const override { return seen; }

  predictor::Prediction predict(std::size_t, const table::Configuration& config) const override {
    const double copies = predictor::replicas(config.layout);
    const double batch = config.load.batch / copies;
    const double time = service_s(config.layout, batch);
    const double power = config.layout.gpus() * watts_per_gpu;
    predictor::Prediction p;
    p.kv_capacity_tokens = capacity_tokens;
    p.kv_capacity_source =
        known(capacity_tokens) ? predictor::CapacitySource::column : predictor::CapacitySource::unlimited;
    p.valid = predictor::requests_at_once(
                  known(config.kv_capacity_tokens) ? config.kv_capacity_tokens : capacity_tokens,
                  config.load.isl, config.load.osl) >= 1;
    p.waves = 1;
    p.total_energy_j = around(power * time);
    p.energy_per_out_token_j = around(power * time / (config.load.batch * config.load.osl));
    if (!knows_time) return p;
    p.total_time_s = around(time);
    p.ttft_s = around(0.1 * time);
    p.tpot_s = around(0.9 * time / (config.load.osl - 1));
    p.avg_power_w = around(power);
    return p;
  }

  std::vector<double> draw(std::size_t group, std::span<const table::Configuration> configs, std::size_t n,
                           std::uint64_t seed) const override {
    if (noise == 0) return {};
    Rng rng(seed);
    std::vector<double> out;
    for (std::size_t i = 0; i < n; ++i) {
      for (const table::Configuration& config : configs) {
        const double energy = predict(group, config).scenario_energy(config.load.kind).value;
        out.push_back(energy * std::exp(noise * rng.normal()));
      }
    }
    return out;
  }

  static predictor::Estimate around(double value) { return {value, 0.9 * value, 1.1 * value}; }
};

/// A GPU and a model that fit anywhere.
inline predictor::Facts roomy_facts() {
  predictor::Facts facts;
  facts.weight_bytes = 10e9;
  facts.gpu_memory_bytes = 24e9;
  facts.gpu_idle_w = 20;
  return facts;
}

}  // namespace energylens::choose
