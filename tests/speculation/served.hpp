// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cmath>
#include <string>

#include "energylens/predictor/facts.hpp"
#include "energylens/table/group.hpp"
#include "parametric/law/terms.hpp"

/// Servers with and without speculative decoding whose energies follow the law.
namespace energylens::speculation {

inline constexpr double kDrafted = 3;

inline double joules_per_token(const table::Configuration& config) {
  constexpr parametric::Parameters kLaw{0.5, 0.1, 0.4, 0.1, 20, 0.8, 0.3, 5, 0.5, 0.05, 1, 1e-4};
  parametric::Reading reading;
  reading.form = parametric::Form::server;
  return parametric::evaluate(kLaw, parametric::terms(config, reading)).total() /
         (config.load.batch * config.load.osl);
}

/// A group of four layouts under six loads. `accepted` above 0: its rows accept that many tokens per step, without stating
/// it. `extra`: factor on the energies.
inline table::Group served(const std::string& gpu, const std::string& workload, double accepted = 0,
                           double extra = 1) {
  table::Group group;
  group.identity.key = {{"model", "some-model"}, {"gpu", gpu}, {"workload", workload}};
  for (const char* const layout : {"tp1", "tp2", "tp4", "tp8"}) {
    for (const double clients : {1, 2, 8, 32, 128, 256}) {
      for (const double isl : {500, 4000}) {
        table::Row row;
        row.config.layout = table::parse_layout(layout);
        row.config.load = {table::RowKind::steady, clients, clients, isl, 800};
        if (accepted > 0)
          row.config.load.accepted_per_step = accepted, row.config.load.drafted_per_step = kDrafted;
        row.results.energy_per_out_token_j = extra * joules_per_token(row.config);
        row.results.total_energy_j = row.results.energy_per_out_token_j * clients * 800;
        row.config.load.accepted_per_step = row.config.load.drafted_per_step = kUnknown;
        group.rows.push_back(row);
      }
    }
  }
  return group;
}

}  // namespace energylens::speculation
