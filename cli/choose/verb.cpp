// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <utility>

#include "cli/choose/answers.hpp"
#include "cli/choose/options.hpp"
#include "cli/choose/plot.hpp"
#include "cli/choose/report.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/power_curve.hpp"
#include "cli/verb.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

void print_choice(const choose::Choice& choice, const ChooseOptions& options) {
  const std::size_t top = static_cast<std::size_t>(options.top);
  const io::Json json = choice_json(choice, top);
  if (options.format == "json") print(io::print_json(json) + '\n');
  if (options.format == "csv") print(csv_text(json.at("configurations")));
  if (options.format == "table") print(choice_text(choice, known(options.batch), top));
}

int choose(const ChooseOptions& options) {
  options.plot.check({&options.model, 1});
  const auto predictor = registry::load(options.model);
  const std::size_t group = select_group(predictor->groups(), options.where);
  choose::Question question = question_of(options, group);
  require_answers(*predictor, group, question);
  const predictor::Facts* fitted = predictor->facts(group);
  predictor::Facts facts =
      options.system.facts(predictor->groups()[group], fitted ? fitted->gpu_idle_w : kUnknown);
  if (fitted) predictor::fill_unknown(facts, *fitted);
  warn_of_unknown_facts(facts, *predictor, group, options.system);
  if (!options.power_limits.empty()) {
    question.power_limits_w = options.power_limits;
    question.power_curve = power_curve(options.model, predictor->groups()[group], facts.gpu_tdp_w).curve;
  }
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

}  // namespace

Run choose_verb(Arguments& args) {
  const auto options = std::make_shared<ChooseOptions>();
  args.positional("MODEL", options->model, "model file written by fit or discover");
  declare_load(args, *options);
  declare_layouts(args, *options);
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
