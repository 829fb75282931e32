// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "energylens/core/number_text.hpp"
#include "energylens/serving/engine.hpp"
#include "energylens/serving/traffic.hpp"

namespace energylens::choose {

/// Latencies of single requests: time to first token, time per output token, time to the last token.
enum class LatencyKind { ttft, tpot, e2e };
inline constexpr std::array<std::string_view, 3> kLatencyNames = {"ttft", "tpot", "e2e"};

/// The percentiles that are reported and can be limited.
inline constexpr std::array kPercentiles = {50, 90, 95, 99};

/// "99 % of the requests have a time to first token of at most 0.5 s."
struct PercentileLimit {
  LatencyKind kind = LatencyKind::ttft;
  int percentile = 99;
  double limit_s = kUnknown;
};

/// Real traffic: requests that arrive at random, or as a trace has them, and differ in length.
struct TrafficQuestion {
  serving::Arrivals arrivals;  ///< poisson, gamma or even; the rate is that of the question
  serving::Lengths lengths;    ///< tokens of the requests; the question's isl and osl are their means
  std::string trace;  ///< a file to take arrivals and lengths from, sped up to the rate of the question
  double trace_rate_rps = kUnknown;
  std::vector<PercentileLimit> limits;
  double goodput = kUnknown;  ///< least share of the requests that keep all values of `limits`
  /// Percentiles are taken over this many seconds of traffic, beginning with an empty server. Far from saturation they do not
  /// depend on it; near saturation queues grow as long as the period lasts.
  double period_s = 3600;
  serving::Scheduler scheduler = serving::Scheduler::vllm;
  int max_step_tokens = 8192;

  /// Throws Error (usage) naming the first invalid member.
  void validate() const;
};

/// What simulated traffic shows of a layout; docs/method/serving.md.
struct TrafficFigures {
  /// Rate over the rate at which requests always wait; above 1 the queue grows without end.
  double utilisation = kUnknown;
  double saturation_rps = kUnknown;
  /// The largest rate at which the limits are kept; without limits of latency the saturation. Unknown where it was not computed:
  /// for all but the first few.
  double max_rate_rps = kUnknown;
  struct Percentiles {
    std::array<double, kPercentiles.size()> s{};
  };
  std::array<Percentiles, kLatencyNames.size()> latency;
  double goodput = kUnknown;  ///< share of requests that keep all values of the limits
  double power_p99_w = kUnknown, power_peak_w = kUnknown;  ///< of windows of 1 s, over one replica
  double preemptions_per_request = kUnknown;
  std::uint64_t simulated_requests = 0;
  bool refused = false;  ///< some requests never fit into the KV cache

  double at(LatencyKind kind, int percentile) const;
};

}  // namespace energylens::choose
