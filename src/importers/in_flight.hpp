// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/core/number_text.hpp"

namespace energylens::importers {

/// What a result of `vllm bench serve` says of how its requests were sent and how long they took; what it
/// does not say is unknown.
struct Sending {
  double completed, duration_s;      ///< above 0
  double prompts = kUnknown;         ///< requests that were sent
  double concurrency = kUnknown;     ///< its limit
  double rate_rps = kUnknown;        ///< infinite: as fast as the limit lets
  double mean_latency_s = kUnknown;  ///< from end to end
  std::string latency_name;          ///< where that comes from
};

/// Mean number of requests in flight, and in words where it comes from; unknown if nothing tells.
struct InFlight {
  double requests = kUnknown;
  std::string source;
};
InFlight in_flight(const Sending& sending);

}  // namespace energylens::importers
