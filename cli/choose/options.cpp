// SPDX-License-Identifier: Apache-2.0
#include "cli/choose/options.hpp"

#include <utility>

#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

constexpr double kSecondsPerMs = 1e-3;

void set_load(choose::Question& question, const ChooseOptions& options) {
  const std::pair<choose::Arrival, double> loads[] = {{choose::Arrival::batch, options.batch},
                                                      {choose::Arrival::concurrency, options.concurrency},
                                                      {choose::Arrival::rate, options.rate}};
  for (const auto& [arrival, amount] : loads) {
    if (!known(amount)) continue;
    question.arrival = arrival;
    question.amount = amount;
  }
}

}  // namespace

choose::Question question_of(const ChooseOptions& options, std::size_t group) {
  const bool trace = options.traffic.follows_trace();  // which states rate and lengths
  const int loads = known(options.batch) + known(options.concurrency) + (known(options.rate) || trace);
  if (loads != 1) throw Error::usage("specify exactly one of --batch, --concurrency and --rate");
  if (!known(options.request.load.osl) && !trace) throw Error::usage("--osl is required");
  options.request.check();
  if (options.question.total_gpus == 0) throw Error::usage("--total-gpus is required");
  choose::Question question = options.question;
  question.group = group;
  question.request = options.request.load;
  for (const std::string& text : options.layouts) question.layouts.only.push_back(table::parse_layout(text));
  question.kv_capacity_tokens = options.system.kv_capacity_tokens;
  question.gpu_memory_utilization = options.system.gpu_memory_utilization;
  question.idle_gpus_count = options.idle_gpus == "count";
  question.limits.ttft_s = options.ttft_ms * kSecondsPerMs;
  question.limits.tpot_s = options.tpot_ms * kSecondsPerMs;
  if (known(options.risk)) {
    if (!question.limits.any() && !options.traffic.limits_percentiles())
      throw Error::usage("--risk requires a limit, such as --ttft, --ttft-p99, --tpot or --max-power-w");
    question.risk = options.risk;
  }
  set_load(question, options);
  options.traffic.apply(question);
  return question;
}

void declare_load(Arguments& args, ChooseOptions& options) {
  args.number("--batch", options.batch, kCount, "workload: a job of N requests that start together");
  args.number("--concurrency", options.concurrency, kCount,
              "workload: N clients that each keep one request in flight");
  args.number("--rate", options.rate, kPositive,
              "workload: X requests per second, which arrive at random (see --arrivals)");
  options.traffic.declare_arrivals(args);
  options.request.declare(args);
  args.number("--max-batch", options.question.max_per_replica, kCount,
              "server limit on concurrent requests per replica [none]");
}

void declare_layouts(Arguments& args, ChooseOptions& options) {
  choose::LayoutFilter& layouts = options.question.layouts;
  args.whole("--total-gpus", options.question.total_gpus, {.min = 1, .max = 16384, .whole = true},
             "number of GPUs available (required)");
  args.words("--layouts", options.layouts, "L,L,...",
             "consider only these layouts, such as tp8,tp4pp2 [all that are feasible]");
  args.flag("--measured-only", layouts.measured_only,
            "consider only layouts that were measured, with any number of replicas");
  args.whole("--max-pp", layouts.max_pp, kCount, "largest number of pipeline stages [no limit]");
}

void declare_limits(Arguments& args, ChooseOptions& options) {
  args.number("--ttft", options.ttft_ms, kPositive,
              "limit on the mean time to first token (ms); for percentiles see --ttft-p99 [none]");
  args.number("--tpot", options.tpot_ms, kPositive,
              "limit on the mean time per output token (ms); for percentiles see --tpot-p99 [none]");
  args.number("--max-power-w", options.question.limits.power_w, kPositive,
              "limit on the mean power (W) [none]");
  args.numbers("--power-limits", options.power_limits, kPositive,
               "power limits of a GPU to consider (W) [that of the training rows]");
  args.number(
      "--risk", options.risk, {.min = 0, .max = 1},
      "largest accepted probability of exceeding a limit; at 0.5 the predicted value must meet it [0.5]");
  options.traffic.declare_limits(args);
  args.refused(
      "--p50-ttft,--p90-ttft,--p95-ttft,--p99-ttft,--p50-tpot,--p90-tpot,--p95-tpot,--p99-tpot,--percentile",
      "limits of percentiles are --ttft-p99, --tpot-p95, --e2e-p90 and the like");
  args.choice("--idle-gpus", options.idle_gpus, {"free", "count"},
              "whether the idle power of unused GPUs counts");
}

void declare_cost(Arguments& args, ChooseOptions& options) {
  options.cost.flags.declare(args);
  args.text("--baseline", options.cost.baseline, "LAYOUT",
            "layout in use today, which is compared with the best one [none]");
}

}  // namespace energylens::cli
