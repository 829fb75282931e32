// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <vector>

#include "energylens/core/rng.hpp"
#include "energylens/parametric/fit.hpp"
#include "residual/fit.hpp"
#include "synthetic_group.hpp"

/// Rows of a smooth law with a step of real kernels: waves of `from` requests and more need exp(step) times
/// the energy.
namespace energylens::residual::stepped {

struct Step {
  double from = 12, size = 0.10;
  double factor(double batch) const { return batch >= from ? std::exp(size) : 1; }
};

inline double one_wave(double tp, double batch, double osl, const Step& step) {
  if (batch <= 0) return 0;
  return (50 + osl * (40 * std::pow(tp, 0.2) + 3 * std::pow(batch, 0.8) * std::pow(tp, 0.3) +
                      4e-4 * batch * osl)) *
         step.factor(batch);
}

inline table::Row row(std::string_view layout, double batch, double osl, const Step& step) {
  table::Row out = synthetic::job(layout, batch, {1, osl}, 1, 1);
  out.config.kv_capacity_tokens = 40.0 * 1088;
  const predictor::Waves waves = predictor::waves(out.config);
  const double tp = out.config.layout.tp;
  const double energy =
      waves.full * one_wave(tp, waves.size, osl, step) + one_wave(tp, waves.remainder, osl, step);
  out.results.total_energy_j = energy;
  out.results.total_time_s = energy / (100 * tp);
  return out;
}

/// 3 layouts x 32 batches x 3 osl: `noise` in ln E.
inline table::Group group(const Step& step, double noise = 0.003, std::uint64_t seed = 1) {
  Rng rng(seed);
  std::vector<table::Row> rows;
  for (double batch = 2; batch <= 64; batch += 2) {
    for (const double osl : {256, 512, 1024}) {
      for (const std::string_view layout : {"tp2", "tp4", "tp8"}) {
        rows.push_back(row(layout, batch, osl, step));
        rows.back().results.total_energy_j *= std::exp(noise * rng.normal());
      }
    }
  }
  return synthetic::group_of(std::move(rows));
}

inline predictor::TrainingData drawn(const table::Group& group, std::size_t n, std::uint64_t seed = 5) {
  predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  data[0].rows = shuffled_order(seed, group.rows.size());
  data[0].rows.resize(n);
  return data;
}

inline predictor::FitOptions options() {
  predictor::FitOptions out;
  out.run.threads = 1;
  return out;
}

/// Mean relative error of job energies over all rows.
inline double mape(const predictor::Predictor& predictor, const table::Group& group) {
  double sum = 0;
  for (const table::Row& row : group.rows) {
    sum += std::abs(predictor.predict(0, row.config).total_energy_j.value / row.results.total_energy_j - 1);
  }
  return sum / static_cast<double>(group.rows.size());
}

}  // namespace energylens::residual::stepped
