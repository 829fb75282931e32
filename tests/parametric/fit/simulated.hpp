// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/parametric/parameters.hpp"
#include "energylens/predictor/predictor.hpp"
#include "predictor/waves.hpp"
#include "synthetic_group.hpp"

/// Rows made from known parameters by a slow, obvious statement of the law that shares no code with src/law.
namespace energylens::parametric::simulated {

inline constexpr Parameters kEnergy{60, 0.3, 0.15, 0.1, 40, 0.15, 0.4, 3, 0.8, 0.2, 1.1, 8e-4};
inline constexpr Parameters kTime{0.05, 2e-4, 0.15, 0.1, 0.03, -0.5, 0.1, 2e-3, 0.8, 0.2, 1.1, 4e-7};

struct Parts {
  double prefill = 0, decode = 0;
  double total() const { return prefill + decode; }
};

/// `batch` requests in one wave on one replica of a dense model; nothing cached, one token a step. `energy`: `c` gives
/// joules, else seconds, which tp GPUs share out.
inline Parts one_wave(const Parameters& c, const table::Layout& layout, double batch, const table::Load& load,
                      bool energy = true) {
  if (batch <= 0) return {};
  const double t = layout.tp, p = layout.pp, shared = energy ? 1 : 1 / t;
  const double traffic = (energy ? p : 1) * (std::pow(t, c[B6]) - 1);
  const double input = known(load.isl) ? load.isl : 1,
               context = (known(load.isl) ? load.isl : 0) + load.osl / 2;
  const double weights = c[B0] * std::pow(t, c[B1]) * (1 + c[B2] * (p - 1));
  const double work = c[B3] * (1 + c[B5] * traffic), cache = c[B7] * context;
  return {(c[A0] + c[A1] * batch * input) * (1 + c[A2] * traffic) * std::pow(p, c[A3]) * shared,
          (load.osl - 1) * (weights + std::pow(batch, c[B4]) * (work + cache) * shared)};
}

/// All waves of one replica with this many requests, one after another.
inline Parts replica(const Parameters& c, const table::Configuration& config, double requests, bool energy) {
  const double at_once =
      predictor::requests_at_once(config.kv_capacity_tokens, config.load.isl, config.load.osl);
  Parts sum;
  for (double left = requests; left > 0; left -= at_once) {
    const Parts wave = one_wave(c, config.layout, std::min(left, at_once), config.load, energy);
    sum.prefill += wave.prefill;
    sum.decode += wave.decode;
  }
  return sum;
}

/// A job whose requests are dealt out to its replicas in turn: their joules together, or the seconds of the longest.
inline Parts job(const Parameters& c, const table::Configuration& config, bool energy = true) {
  Parts sum;
  for (int r = 0; r < config.layout.dp; ++r) {
    const double requests = std::ceil((config.load.batch - r) / config.layout.dp);
    const Parts one = replica(c, config, std::max(requests, 0.0), energy);
    if (energy) {
      sum.prefill += one.prefill;
      sum.decode += one.decode;
    } else if (one.total() > sum.total()) {
      sum = one;
    }
  }
  return sum;
}

inline table::Configuration question(std::string_view layout, double batch, double isl, double osl,
                                     double capacity = kUnknown) {
  table::Configuration config;
  config.layout = table::parse_layout(layout);
  config.load.batch = batch;
  config.load.isl = isl;
  config.load.osl = osl;
  config.kv_capacity_tokens = capacity;
  return config;
}

/// Every combination of these.
struct Design {
  std::vector<std::string_view> layouts{"tp1", "tp2", "tp4", "tp8", "tp1pp2", "tp2pp2", "tp4pp2", "tp1pp4"};
  std::vector<double> batches{1, 8, 64}, isls{32, 512, 2048}, osls{64, 512};
  double capacity_per_gpu = kUnknown;  ///< KV tokens; unknown: one wave
  bool phases = true;                  ///< prefill and decode measured apart

  std::vector<table::Configuration> questions() const {
    std::vector<table::Configuration> out;
    for (const std::string_view layout : layouts) {
      for (const double batch : batches) {
        for (const double isl : isls) {
          for (const double osl : osls) {
            out.push_back(question(layout, batch, isl, osl));
            out.back().kv_capacity_tokens = capacity_per_gpu * out.back().layout.gpus();
          }
        }
      }
    }
    return out;
  }
};

/// What a meter would show: each phase with a log-normal error of standard deviation `noise`.
inline table::Row measured(const table::Configuration& config, const Parameters& energy,
                           const Parameters& time, double noise, bool phases, Rng& rng) {
  table::Row row;
  row.config = config;
  const Parts joules = job(energy, config), seconds = job(time, config, false);
  const auto error = [&] { return noise > 0 ? std::exp(noise * rng.normal()) : 1.0; };
  table::Results& r = row.results;
  if (!phases) {
    r.total_energy_j = joules.total() * error();
    r.total_time_s = seconds.total() * error();
    return row;
  }
  r.prefill_energy_j = joules.prefill * error();
  r.decode_energy_j = joules.decode * error();
  r.total_energy_j = r.prefill_energy_j + r.decode_energy_j;
  r.prefill_time_s = seconds.prefill * error();
  r.decode_time_s = seconds.decode * error();
  r.total_time_s = r.prefill_time_s + r.decode_time_s;
  return row;
}

inline table::Group group(const Design& design, double noise = 0, std::uint64_t seed = 1,
                          const Parameters& energy = kEnergy, const Parameters& time = kTime) {
  Rng rng(seed);
  std::vector<table::Row> rows;
  for (const table::Configuration& config : design.questions()) {
    rows.push_back(measured(config, energy, time, noise, design.phases, rng));
  }
  return synthetic::group_of(std::move(rows));
}

inline predictor::TrainingData all_rows(const table::Group& group) {
  return predictor::all_rows(std::span(&group, 1));
}

/// One start, one thread: fast, and enough for rows that follow the law.
inline predictor::FitOptions quick(predictor::Target target = predictor::Target::both) {
  predictor::FitOptions options;
  options.target = target;
  options.starts = 1;
  options.run.threads = 1;
  return options;
}

}  // namespace energylens::parametric::simulated
