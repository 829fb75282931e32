// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "energylens/predictor/predictor.hpp"
#include "predictor/waves.hpp"

namespace energylens::synthetic {

struct Lengths {
  double isl = 1, osl = 1;
};

/// A job row; energy in J, time in s.
inline table::Row job(std::string_view layout, double batch, Lengths lengths, double energy,
                      double time = kUnknown) {
  table::Row row;
  row.config.layout = table::parse_layout(layout);
  row.config.load.batch = batch;
  row.config.load.isl = lengths.isl;
  row.config.load.osl = lengths.osl;
  row.results.total_energy_j = energy;
  row.results.total_time_s = time;
  return row;
}

/// A steady row; energy in J per output token, time per output token in s.
inline table::Row steady(std::string_view layout, double batch, double max_batch, double energy,
                         double tpot) {
  table::Row row;
  row.config.layout = table::parse_layout(layout);
  row.config.load.kind = table::RowKind::steady;
  row.config.load.batch = batch;
  row.config.load.max_batch = max_batch;
  row.config.load.osl = 500;
  row.results.energy_per_out_token_j = energy;
  row.results.energy_per_request_j = energy * row.config.load.osl;
  row.results.total_energy_j = energy * row.config.load.osl * batch;
  row.results.tpot_s = tpot;
  return row;
}

inline table::Group group_of(std::vector<table::Row> rows, std::string_view model = "Synthetic-70B") {
  table::Group group;
  group.identity.key = {{"model", std::string(model)}, {"gpu", "Synthetic-GPU"}};
  group.identity.params_b = 70;
  group.identity.arch = "dense";
  group.rows = std::move(rows);
  return group;
}

/// 3 layouts x 8 batches x 2 isl x 2 osl of a smooth energy with waves; 32 scenarios without a constant
/// winner.
inline table::Group smooth_group(std::string_view model = "Synthetic-70B", double scale = 1) {
  std::vector<table::Row> rows;
  for (const double batch : {1, 2, 4, 8, 16, 32, 48, 64}) {
    for (const double isl : {32, 512}) {
      for (const double osl : {128, 512}) {
        for (const std::string_view layout : {"tp2pp2", "tp4", "tp8"}) {
          table::Row row = job(layout, batch, {isl, osl}, 1, 1);
          row.config.kv_capacity_tokens = 6000.0 * row.config.layout.gpus();
          const predictor::Waves waves = predictor::waves(row.config);
          const double tp = row.config.layout.tp, pp = row.config.layout.pp;
          const auto one_wave = [&](double b) {
            return b == 0
                       ? 0
                       : scale * ((4 + 2e-2 * b * isl) +
                                  osl * (6 * std::pow(tp, 0.3) + 1.2 * std::pow(pp, 0.4) * std::pow(b, 0.8) +
                                         2e-4 * b * (isl + osl / 2)));
          };
          row.results.total_energy_j = waves.full * one_wave(waves.size) + one_wave(waves.remainder);
          row.results.total_time_s = row.results.total_energy_j / (200 * tp * pp);
          rows.push_back(row);
        }
      }
    }
  }
  return group_of(std::move(rows), model);
}

}  // namespace energylens::synthetic
