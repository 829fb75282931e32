// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/traffic_flags.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/serving/trace.hpp"

namespace energylens::cli {
namespace {

constexpr std::string_view kTrace = "trace:";
constexpr std::size_t kSampledLengths = 5000;
constexpr std::array<std::string_view, choose::kLatencyNames.size()> kLatencyWords = {
    "time to first token", "time per output token", "time to the last token"};

}  // namespace

TrafficFlags::TrafficFlags() {
  for (auto& of_kind : limits_ms) of_kind.fill(kUnknown);
}

void TrafficFlags::declare_arrivals(Arguments& args) {
  args.text(
      "--arrivals", arrivals, "KIND",
      "with --rate: poisson, even, gamma:CV (CV above 1: bursts) or trace:FILE, whose rate and tokens then hold "
      "unless --rate is given [poisson]");
  args.uses_files(FileRole::read, [this](FileUses& uses) {
    if (follows_trace()) uses.reads(arrivals.substr(kTrace.size()));
  });
  args.number("--isl-cv", isl_cv, kNotNegative,
              "with --rate: coefficient of variation of the input tokens of requests (log-normal) [0]");
  args.number("--osl-cv", osl_cv, kNotNegative, "the same for output tokens [0]");
  args.number("--period", period_s, kPositive,
              "with --rate: seconds of traffic that are simulated, beginning with an empty server [3600]");
  args.choice("--scheduler", scheduler, {"vllm", "trtllm", "static"},
              "with --rate: how the engine fills its steps");
  args.whole("--max-step-tokens", max_step_tokens, kCount,
             "with --rate: largest number of tokens of one step (max_num_batched_tokens) [8192]");
}

void TrafficFlags::declare_limits(Arguments& args) {
  for (std::size_t kind = 0; kind < limits_ms.size(); ++kind) {
    for (std::size_t i = 0; i < choose::kPercentiles.size(); ++i) {
      const std::string percentile = std::to_string(choose::kPercentiles[i]);
      args.number("--" + std::string(choose::kLatencyNames[kind]) + "-p" + percentile, limits_ms[kind][i],
                  kPositive,
                  "with --rate: limit on the " + std::string(kLatencyWords[kind]) + " of " + percentile +
                      " % of the requests (ms) [none]");
    }
  }
  args.number("--goodput", goodput, {.min = 0, .min_allowed = false, .max = 1},
              "with --rate: least share of the requests that keep all of these limits at once [none]");
}

bool TrafficFlags::follows_trace() const {
  return arrivals.starts_with(kTrace);
}

bool TrafficFlags::limits_percentiles() const {
  return known(goodput) || std::ranges::any_of(limits_ms, [](const auto& of_kind) {
           return std::ranges::any_of(of_kind, [](double limit) { return known(limit); });
         });
}

bool TrafficFlags::given() const {
  return !arrivals.empty() || limits_percentiles() || known(isl_cv) || known(osl_cv) || known(period_s) ||
         max_step_tokens > 0;
}

std::vector<choose::PercentileLimit> TrafficFlags::limits() const {
  std::vector<choose::PercentileLimit> out;
  for (std::size_t kind = 0; kind < limits_ms.size(); ++kind) {
    for (std::size_t i = 0; i < choose::kPercentiles.size(); ++i) {
      if (known(limits_ms[kind][i]))
        out.push_back(
            {static_cast<choose::LatencyKind>(kind), choose::kPercentiles[i], 1e-3 * limits_ms[kind][i]});
    }
  }
  return out;
}

void TrafficFlags::follow_trace(choose::Question& question, choose::TrafficQuestion& traffic) const {
  const table::Load& asked = question.request;
  if (known(asked.isl) || known(asked.osl) || known(asked.cached_tokens) || known(isl_cv) || known(osl_cv))
    throw Error::usage("the requests of a trace have their own tokens; leave out --isl, --osl and the like");
  traffic.trace = arrivals.substr(kTrace.size());
  const serving::TraceSummary summary = serving::summarise_trace(traffic.trace);
  traffic.trace_rate_rps = summary.rate_rps();
  traffic.lengths.observed = serving::sample_lengths(traffic.trace, {}, kSampledLengths);
  if (question.arrival != choose::Arrival::rate) {
    question.arrival = choose::Arrival::rate;
    question.amount = traffic.trace_rate_rps;
  }
  question.request.isl = summary.prompt_mean;
  question.request.osl = summary.output_mean;
  question.request.cached_tokens = summary.cached_mean > 0 ? summary.cached_mean : kUnknown;
}

void TrafficFlags::apply(choose::Question& question) const {
  if (question.arrival != choose::Arrival::rate && !follows_trace()) {
    if (given()) throw Error::usage("--arrivals and limits of percentiles require --rate");
    return;
  }
  choose::TrafficQuestion traffic;
  if (follows_trace()) {
    follow_trace(question, traffic);
  } else if (!arrivals.empty()) {
    traffic.arrivals = serving::parse_arrivals(arrivals);
  }
  const table::Load& request = question.request;
  traffic.lengths.prompt = {std::max(request.isl_or(1), 1.0), known(isl_cv) ? isl_cv : 0};
  traffic.lengths.output = {std::max(request.osl, 1.0), known(osl_cv) ? osl_cv : 0};
  if (known(request.cached_tokens))
    traffic.lengths.cached_share = request.cached_tokens / traffic.lengths.prompt.mean;
  traffic.limits = limits();
  traffic.goodput = goodput;
  traffic.scheduler = serving::parse_scheduler(scheduler);
  if (known(period_s)) traffic.period_s = period_s;
  if (max_step_tokens > 0) traffic.max_step_tokens = max_step_tokens;
  question.traffic = traffic;
}

}  // namespace energylens::cli
