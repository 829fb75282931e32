// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "cli/choose/answers.hpp"
#include "cli/choose/plot.hpp"
#include "cli/choose/report.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

constexpr double kSecondsPerMs = 1e-3;

struct ChooseOptions {
  std::string model, format = "table", idle_gpus = "free";
  double batch = kUnknown, concurrency = kUnknown, rate = kUnknown;
  double ttft_ms = kUnknown, tpot_ms = kUnknown, risk = kUnknown;
  choose::Question question;
  RequestFlags request;
  SystemFlags system;
  PlotFlag plot;
  std::vector<std::string> where;
  int top = 0;
  bool strict = false;
};

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

choose::Question question_of(const ChooseOptions& options, std::size_t group) {
  const int loads = known(options.batch) + known(options.concurrency) + known(options.rate);
  if (loads != 1) throw Error::usage("specify exactly one of --batch, --concurrency and --rate");
  if (!known(options.request.load.osl)) throw Error::usage("--osl is required");
  options.request.check();
  if (options.question.total_gpus == 0) throw Error::usage("--total-gpus is required");
  choose::Question question = options.question;
  question.group = group;
  question.request = options.request.load;
  question.kv_capacity_tokens = options.system.kv_capacity_tokens;
  question.idle_gpus_count = options.idle_gpus == "count";
  question.limits.ttft_s = options.ttft_ms * kSecondsPerMs;
  question.limits.tpot_s = options.tpot_ms * kSecondsPerMs;
  if (known(options.risk)) {
    if (!question.limits.any())
      throw Error::usage("--risk requires a limit: --ttft, --tpot or --max-power-w");
    question.risk = options.risk;
  }
  set_load(question, options);
  return question;
}

void print_choice(const choose::Choice& choice, const ChooseOptions& options) {
  const std::size_t top = static_cast<std::size_t>(options.top);
  const io::Json json = choice_json(choice, top);
  if (options.format == "json") print(io::print_json(json) + '\n');
  if (options.format == "csv") print(csv_text(json.at("configurations")));
  if (options.format == "table") print(choice_text(choice, known(options.batch), top));
}

int choose(const ChooseOptions& options) {
  options.plot.check();
  const auto predictor = registry::load(options.model);
  const std::size_t group = select_group(predictor->groups(), options.where);
  const choose::Question question = question_of(options, group);
  require_answers(*predictor, group, question);
  const predictor::Facts* fitted = predictor->facts(group);
  predictor::Facts facts =
      options.system.facts(predictor->groups()[group], fitted ? fitted->gpu_idle_w : kUnknown);
  if (fitted) predictor::fill_unknown(facts, *fitted);
  warn_of_unknown_facts(facts, *predictor, group, options.system);
  const choose::Choice choice = choose::rank(*predictor, facts, question);
  print_choice(choice, options);
  if (options.plot.given()) options.plot.write(choice_chart(choice, question, predictor->groups()[group]));
  if (choice.accepted == 0) {
    report_error("no configuration of at most " + std::to_string(question.total_gpus) +
                 " GPUs serves this workload within the limits");
    return kNoConfiguration;
  }
  const predictor::Prediction& best = choice.configurations.front().prediction;
  if (best.inside_domain) return kOk;
  warn("the best configuration is outside the fitted domain: " + best.outside);
  return options.strict ? kOutsideDomain : kOk;
}

void declare_load(Arguments& args, ChooseOptions& options) {
  args.number("--batch", options.batch, kCount, "workload: a job of N requests that start together");
  args.number("--concurrency", options.concurrency, kCount,
              "workload: N clients that each keep one request in flight");
  args.number("--rate", options.rate, kPositive,
              "workload: X requests per second, evenly spaced (random arrivals use less energy)");
  options.request.declare(args);
  args.number("--max-batch", options.question.max_per_replica, kCount,
              "server limit on concurrent requests per replica [none]");
}

void declare_limits(Arguments& args, ChooseOptions& options) {
  args.whole("--total-gpus", options.question.total_gpus, {.min = 1, .max = 4096, .whole = true},
             "number of GPUs available (required)");
  args.number("--ttft", options.ttft_ms, kPositive, "limit on the mean time to first token (ms) [none]");
  args.number("--tpot", options.tpot_ms, kPositive, "limit on the mean time per output token (ms) [none]");
  args.number("--max-power-w", options.question.limits.power_w, kPositive,
              "limit on the mean power (W) [none]");
  args.number(
      "--risk", options.risk, {.min = 0, .max = 1},
      "largest accepted probability of exceeding a limit; at 0.5 the predicted value must meet it [0.5]");
  args.refused(
      "--ttft-p50,--ttft-p90,--ttft-p95,--ttft-p99,--tpot-p50,--tpot-p90,--tpot-p95,--tpot-p99,--p50-ttft,"
      "--p90-ttft,--p95-ttft,--p99-ttft,--p50-tpot,--p90-tpot,--p95-tpot,--p99-tpot,--percentile",
      "limits apply to mean latency; percentiles are not supported because the model has no queueing");
  args.choice("--idle-gpus", options.idle_gpus, {"free", "count"},
              "whether the idle power of unused GPUs counts");
}

}  // namespace

Run choose_verb(Arguments& args) {
  const auto options = std::make_shared<ChooseOptions>();
  args.positional("MODEL", options->model, "model file written by fit or discover");
  args.reads();
  declare_load(args, *options);
  declare_limits(args, *options);
  options->system.declare_catalogue(args);
  options->system.declare_facts(args);
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  args.seed("--seed", options->question.seed, "random seed of the probabilities");
  args.whole("--top-n", options->top, kCount, "show only the N best configurations and those rejected [all]");
  options->plot.declare(args, "plot energy against latency");
  declare_format(args, options->format);
  args.flag("--strict", options->strict,
            "exit with code 5 if the best configuration is outside the fitted domain");
  args.example(
      "energylens choose model.json --rate 2.5 --isl 512 --osl 256 --total-gpus 8 --ttft 500 --tpot 50");
  return [options] { return choose(*options); };
}

}  // namespace energylens::cli
