// SPDX-License-Identifier: Apache-2.0
// Held by limited_test.cpp.
#include "eval/latency.hpp"

namespace energylens::eval {

double measured_tpot_s(const table::Row& row) {
  if (known(row.results.tpot_s)) return row.results.tpot_s;
  const double steps = row.config.load.osl - 1;
  const double decoding = row.results.total_time_s - row.results.ttft_s;
  return steps > 0 && decoding > 0 ? decoding / steps : kUnknown;
}

double per_token_j(const table::Configuration& config, double scenario_energy_j) {
  if (config.load.kind == table::RowKind::steady) return scenario_energy_j;
  return scenario_energy_j / (config.load.batch * config.load.osl);
}

}  // namespace energylens::eval
