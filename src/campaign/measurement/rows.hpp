// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "campaign/record.hpp"
#include "energylens/meter/trace.hpp"

namespace energylens::campaign {

/// What was measured, over all GPUs: of one job, or of a window of a steady load.
struct Figures {
  double total_j = kUnknown, total_s = kUnknown;
  double prefill_j = kUnknown, prefill_s = kUnknown;
  double host_j = kUnknown;
  double ttft_s = kUnknown, tpot_s = kUnknown;
  double image_tokens = kUnknown;  ///< of a prompt, where they were counted
  double window_s = kUnknown, tokens = kUnknown, in_flight = kUnknown;  ///< steady only
};

/// The other columns of a row.
struct RowFacts {
  double idle_w = kUnknown;
  double kv_capacity_tokens = kUnknown;                    ///< as the server reports
  double params_b = kUnknown, active_params_b = kUnknown;  ///< of the model, as a child reports
  std::string scope, device, version, arch;
  int repeat = 0;
  std::string provenance;             ///< where the energy comes from if not from this run; empty if it does
  std::vector<std::string> warnings;  ///< of the measurement
  bool simulated = false;
};

table::RowCells row_of(const Plan& plan, const Target& target, const Figures& figures, const RowFacts& facts);

/// Writes a recording in the trace format.
void write_samples(const std::string& file, const meter::Trace& trace);

}  // namespace energylens::campaign
