// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/eval/metrics.hpp"

namespace energylens::eval {

/// Time per output token of a row, s: `tpot_s`, else (total_time_s - ttft_s) / (osl - 1); unknown if neither
/// was measured.
double measured_tpot_s(const table::Row& row);

/// J per output token from a scenario energy: by this, candidates of unequal batch are compared.
double per_token_j(const table::Configuration& config, double scenario_energy_j);

}  // namespace energylens::eval
