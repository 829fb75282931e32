// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/choose/choose.hpp"

namespace energylens::choose {

/// The steady state of a layout under the load of a question.
struct OperatingPoint {
  table::Configuration config;       ///< with the requests in flight over all replicas as `load.batch`
  predictor::Prediction prediction;  ///< of `config`, by the predictor
  double busy = 1;                   ///< share of time with a request in flight
  double wait_s = 0;                 ///< mean wait of closed-loop clients
  double service_s = kUnknown;  ///< S(B): from the start of prefill to the last token (of the job, for jobs)
  double throughput_rps = kUnknown;
  powercap::Factors power_factors;  ///< of the power limit, if one was asked for
  std::string rejected;             ///< why the layout cannot carry the load; empty if it can
};

/// "serves at most 2.5 of 4 requests/s"
std::string saturation_text(double asked_rps, double most_rps);

OperatingPoint operating_point(const predictor::Predictor& predictor, const predictor::Facts& facts,
                               const Question& question, const table::Layout& layout,
                               double power_limit_w = kUnknown);

}  // namespace energylens::choose
