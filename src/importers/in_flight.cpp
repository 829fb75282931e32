// SPDX-License-Identifier: Apache-2.0
// By Little's law the mean number in flight is the completion rate times the mean latency. The concurrency limit is
// that number only if requests wait for it: requests that arrive at a fixed rate may never reach the limit. Held by in_flight_test.cpp.
#include "importers/in_flight.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::importers {
namespace {

/// A mean above this share of the limit counts as the limit: the start and the end of a run are below it.
constexpr double kReached = 0.9;

InFlight limited(const Sending& sending) {
  if (sending.prompts < sending.concurrency) return {sending.prompts, "batch is the number of prompts"};
  return {sending.concurrency, known(sending.concurrency) ? "batch is the concurrency" : ""};
}

}  // namespace

InFlight in_flight(const Sending& sending) {
  const double by_law = sending.completed / sending.duration_s * sending.mean_latency_s;
  const bool at_a_rate = std::isfinite(sending.rate_rps);
  // Without a rate the limit is reached; the latency from end to end is then the better figure, if it is
  // stated.
  const bool law_counts = at_a_rate || sending.latency_name == "mean_e2el" || !known(sending.concurrency);
  if (!known(by_law) || !law_counts) return at_a_rate ? InFlight{} : limited(sending);
  if (by_law >= kReached * sending.concurrency) return limited(sending);
  if (by_law > sending.prompts) return {sending.prompts, "batch is the number of prompts"};
  return {by_law, "batch is by Little's law, from " + sending.latency_name};
}

}  // namespace energylens::importers
