// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/core/number_text.hpp"

namespace energylens::importers {

/// How the requests of a `vllm bench serve` result were sent and how long they took; unknown where the result does
/// not say.
struct Sending {
  double completed, duration_s;      ///< above 0
  double prompts = kUnknown;         ///< requests that were sent
  double concurrency = kUnknown;     ///< limit of requests in flight
  double rate_rps = kUnknown;        ///< infinite: as fast as the limit allows
  double mean_latency_s = kUnknown;  ///< end to end
  std::string latency_name;          ///< which figures it comes from
};

/// Mean number of requests in flight and, in words, how it was found; unknown if the result does not determine it.
struct InFlight {
  double requests = kUnknown;
  std::string source;
};
InFlight in_flight(const Sending& sending);

}  // namespace energylens::importers
