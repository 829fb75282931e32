// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/choose/choose.hpp"

namespace energylens::choose {

/// Where a layout settles under the load of a question.
struct OperatingPoint {
  table::Configuration config;       ///< what was predicted
  predictor::Prediction prediction;  ///< of `config`, as the predictor says it
  double busy = 1;                   ///< share of time with a request in flight
  double wait_s = 0;                 ///< mean wait of closed-loop clients
  double service_s = kUnknown;  ///< S(B): from the start of prefill to the last token (of the job, for jobs)
  double throughput_rps = kUnknown;
  std::string rejected;  ///< why the layout cannot carry the load; empty if it can
};

OperatingPoint operating_point(const predictor::Predictor& predictor, const predictor::Facts& facts,
                               const Question& question, const table::Layout& layout);

}  // namespace energylens::choose
