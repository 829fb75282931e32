// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "cli/flags.hpp"
#include "energylens/serving/engine.hpp"
#include "energylens/serving/report.hpp"
#include "energylens/serving/trace.hpp"
#include "energylens/serving/traffic.hpp"

namespace energylens::cli {

struct ReplayOptions {
  std::string model, layout, format = "table", trace, arrivals = "poisson", scheduler = "vllm",
                             routing = "round-robin";
  double rate = kUnknown, concurrency = kUnknown, isl_cv = 0, osl_cv = 0, period_s = 3600;
  double ttft_ms = kUnknown, tpot_ms = kUnknown, e2e_ms = kUnknown, prefix_cache_tokens = kUnknown;
  int max_batch = 256, max_step_tokens = 8192, runs = 4;
  std::uint64_t seed = 0;
  RequestFlags request;
  SystemFlags system;
  RunFlags run;
  std::vector<std::string> where;
};

void declare_replay(Arguments& args, ReplayOptions& options);

/// What is served: a trace, or a plan of synthetic requests.
struct ReplayedTraffic {
  serving::TrafficPlan plan;
  std::string trace;
  serving::TraceOptions trace_options;
  serving::TraceSummary summary;  ///< of the trace
  table::Load mean;               ///< isl and osl of the requests
};

/// Throws Error (usage) for options that do not fit together, (bad input) for a trace that is wrong.
ReplayedTraffic traffic_of(const ReplayOptions& options, double context_tokens);

/// The scheduler of one replica, without its KV cache.
serving::Engine engine_of(const ReplayOptions& options);
serving::RequestLimits limits_of(const ReplayOptions& options);

}  // namespace energylens::cli
