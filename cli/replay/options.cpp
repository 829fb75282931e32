// SPDX-License-Identifier: Apache-2.0
#include "cli/replay/options.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

constexpr double kPerMs = 1e-3;
constexpr double kMostReplayed = 1e8;
constexpr std::size_t kSampled = 5000;

void declare_traffic(Arguments& args, ReplayOptions& options) {
  args.text(
      "--trace", options.trace, "FILE",
      "trace of requests: CSV with arrival_s, isl and osl, or as Azure, BurstGPT, Mooncake, access logs and "
      "vllm bench serve write them");
  args.reads();
  args.number("--rate", options.rate, kPositive,
              "requests per second; a trace is sped up or slowed down to it [that of the trace]");
  args.text("--arrivals", options.arrivals, "KIND",
            "without a trace: poisson, even, or gamma:CV, which comes in bursts for a CV above 1");
  args.number("--concurrency", options.concurrency, kCount,
              "instead of a rate: N clients that each keep one request in flight");
  options.request.declare(args);
  args.number("--isl-cv", options.isl_cv, kNotNegative,
              "coefficient of variation of the input tokens of requests (log-normal)");
  args.number("--osl-cv", options.osl_cv, kNotNegative, "the same for output tokens");
  args.number("--period", options.period_s, kPositive,
              "without a trace: seconds of traffic, beginning with an empty server");
  args.whole("--runs", options.runs, kCount, "without a trace: periods that are simulated and added up");
}

void declare_engine(Arguments& args, ReplayOptions& options) {
  args.choice("--scheduler", options.scheduler, {"vllm", "trtllm", "static"},
              "how the engine fills its steps");
  args.whole("--max-batch", options.max_batch, kCount,
             "largest number of requests that run at once, per replica (max_num_seqs)");
  args.whole("--max-step-tokens", options.max_step_tokens, kCount,
             "largest number of tokens of one step (max_num_batched_tokens)");
  args.choice("--routing", options.routing, {"round-robin", "least-requests", "two-choices"},
              "which replica a request is sent to");
  args.number("--prefix-cache-tokens", options.prefix_cache_tokens, kNotNegative,
              "tokens that the prefix cache keeps, for traces with hashes of prompts [all]");
}

void declare_request_limits(Arguments& args, ReplayOptions& options) {
  args.number("--ttft", options.ttft_ms, kPositive,
              "time to first token of a request that counts as good (ms) [any]");
  args.number("--tpot", options.tpot_ms, kPositive, "the same for its time per output token (ms) [any]");
  args.number("--e2e", options.e2e_ms, kPositive, "the same for its time to the last token (ms) [any]");
}

ReplayedTraffic of_trace(const ReplayOptions& options, double context_tokens) {
  const table::Load& load = options.request.load;
  if (known(load.isl) || known(load.osl) || known(options.concurrency))
    throw Error::usage("a trace has its own requests; leave out --isl, --osl and --concurrency");
  ReplayedTraffic out;
  out.trace = options.trace;
  if (known(context_tokens))
    out.trace_options.most_tokens = static_cast<std::int32_t>(std::min(context_tokens, 1e9));
  out.trace_options.prefix_cache_tokens = options.prefix_cache_tokens;
  out.summary = serving::summarise_trace(options.trace, out.trace_options);
  if (known(options.rate)) out.trace_options.speed = options.rate / out.summary.rate_rps();
  out.plan.lengths.observed =
      serving::sample_lengths(options.trace, out.trace_options, kSampled, options.seed);
  out.mean.isl = out.summary.prompt_mean;
  out.mean.osl = out.summary.output_mean;
  return out;
}

}  // namespace

void declare_replay(Arguments& args, ReplayOptions& options) {
  args.positional("MODEL", options.model, "model file written by fit or discover");
  args.reads();
  args.text("--layout", options.layout, "LAYOUT", "parallel layout such as tp4dp2 (required)");
  declare_traffic(args, options);
  declare_engine(args, options);
  declare_request_limits(args, options);
  options.system.declare_catalogue(args);
  options.system.declare_facts(args);
  options.system.declare_context(args);
  args.repeated("--where", options.where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  args.seed("--seed", options.seed, "random seed of arrivals, lengths and routing");
  options.run.declare(args);
  declare_format(args, options.format);
}

ReplayedTraffic traffic_of(const ReplayOptions& options, double context_tokens) {
  if (!options.trace.empty()) return of_trace(options, context_tokens);
  if (known(options.rate) == known(options.concurrency))
    throw Error::usage("specify --trace, or one of --rate and --concurrency");
  const table::Load& load = options.request.load;
  if (!known(load.isl) || !known(load.osl))
    throw Error::usage("--isl and --osl are required without a --trace");
  options.request.check();
  ReplayedTraffic out;
  out.mean = load;
  out.plan.lengths.prompt = {load.isl, options.isl_cv};
  out.plan.lengths.output = {load.osl, options.osl_cv};
  if (known(load.cached_tokens)) out.plan.lengths.cached_share = load.cached_tokens / load.isl;
  if (known(context_tokens))
    out.plan.lengths.most_tokens = static_cast<std::int32_t>(std::min(context_tokens, 1e9));
  out.plan.seed = options.seed;
  if (known(options.concurrency)) {
    out.plan.arrivals.kind = serving::ArrivalKind::closed;
    out.plan.arrivals.clients = static_cast<int>(options.concurrency);
    return out;
  }
  out.plan.arrivals = serving::parse_arrivals(options.arrivals);
  out.plan.arrivals.rate_rps = options.rate;
  const double requests = std::max(std::round(options.rate * options.period_s), 1.0);
  if (requests > kMostReplayed)
    throw Error::usage("more than 1e8 requests in a period; shorten it with --period");
  out.plan.requests = static_cast<std::size_t>(requests);
  return out;
}

serving::Engine engine_of(const ReplayOptions& options) {
  serving::Engine out;
  out.scheduler = serving::parse_scheduler(options.scheduler);
  out.max_requests = options.max_batch;
  out.max_step_tokens = std::max(options.max_step_tokens, options.max_batch);
  return out;
}

serving::RequestLimits limits_of(const ReplayOptions& options) {
  return {options.ttft_ms * kPerMs, options.tpot_ms * kPerMs, options.e2e_ms * kPerMs};
}

}  // namespace energylens::cli
