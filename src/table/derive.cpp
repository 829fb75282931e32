// SPDX-License-Identifier: Apache-2.0
// Only definitions are used, never a model: a job's total is the sum of its phases, power is energy over
// time, per token is total over batch * osl. Held by derive_test.cpp.
#include "table/derive.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::table {
namespace {

/// A product that overflows or underflows is ignored.
void fill(double& value, double derived) {
  if (!known(value) && derived > 0 && std::isfinite(derived)) value = derived;
}

void derive_job(Results& r, const Load& load) {
  const double tokens = load.batch * load.osl;
  fill(r.total_energy_j, r.energy_per_request_j * load.batch);
  fill(r.total_energy_j, r.energy_per_out_token_j * tokens);
  // Phases are added up to a total. A total less one phase is not a measurement of the other.
  fill(r.total_energy_j, r.prefill_energy_j + r.decode_energy_j);
  fill(r.total_time_s, r.prefill_time_s + r.decode_time_s);
  fill(r.total_time_s, tokens / r.throughput_tok_s);
  fill(r.total_energy_j, r.avg_power_w * r.total_time_s);
  fill(r.total_time_s, r.total_energy_j / r.avg_power_w);
  fill(r.avg_power_w, r.total_energy_j / r.total_time_s);
  fill(r.energy_per_request_j, r.total_energy_j / load.batch);
  fill(r.energy_per_out_token_j, r.total_energy_j / tokens);
  fill(r.throughput_tok_s, tokens / r.total_time_s);
}

void derive_steady(Results& r, const Load& load) {
  fill(r.energy_per_out_token_j, r.energy_per_request_j / load.osl);
  fill(r.energy_per_out_token_j, r.total_energy_j / (load.batch * load.osl));
  fill(r.energy_per_out_token_j, r.avg_power_w / r.throughput_tok_s);
  fill(r.energy_per_request_j, r.energy_per_out_token_j * load.osl);
  fill(r.total_energy_j, r.energy_per_request_j * load.batch);
  fill(r.throughput_tok_s, r.avg_power_w / r.energy_per_out_token_j);
  fill(r.avg_power_w, r.energy_per_out_token_j * r.throughput_tok_s);
}

}  // namespace

double in_flight(const Results& results, const Load& load) {
  if (load.kind != RowKind::steady) return kUnknown;
  const double prefill = load.osl > 0 && known(results.ttft_s) ? results.ttft_s / load.osl : 0;
  const double requests = results.throughput_tok_s * (results.tpot_s + prefill);
  if (!(requests > 0) || !std::isfinite(requests)) return kUnknown;
  return known(load.concurrency) ? std::min(requests, load.concurrency) : requests;
}

void derive(Results& results, const Load& load) {
  if (load.kind == RowKind::job) {
    derive_job(results, load);
  } else {
    derive_steady(results, load);
  }
}

}  // namespace energylens::table
