// SPDX-License-Identifier: Apache-2.0
// Held by limited_test.cpp.
#include "eval/latency.hpp"

#include <cmath>

#include "energylens/stats/distributions.hpp"

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

double chance_above(const model::Estimate& estimate, double limit) {
  if (!known(estimate.value)) return kUnknown;
  const bool spread = estimate.lo > 0 && estimate.hi > estimate.lo && std::isfinite(estimate.hi);
  if (!spread) return estimate.value > limit ? 1 : 0;
  const double sd = std::log(estimate.hi / estimate.lo) / (2 * stats::normal_quantile(0.95));
  return stats::normal_cdf(std::log(estimate.value / limit) / sd);
}

}  // namespace energylens::eval
