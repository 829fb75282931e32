// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "cli/asked_model.hpp"
#include "cli/choose/across.hpp"
#include "cli/choose/answers.hpp"
#include "cli/choose/launch.hpp"
#include "cli/choose/options.hpp"
#include "cli/choose/plot.hpp"
#include "cli/choose/report.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"

namespace energylens::cli {
namespace {

int no_configuration(int total_gpus) {
  report_error("no configuration with --total-gpus " + std::to_string(total_gpus) +
               " serves this workload within the limits");
  return kNoConfiguration;
}

int choose_across(const ChooseOptions& options) {
  const bool one_group = options.plot.given() || !options.launch.empty() || options.cost.asked();
  if (one_group)
    throw Error::usage("--plot, --launch, --baseline and prices are for one group; select it with --where");
  const std::vector<Answer> answers = answers_of(options);
  if (options.format == "json") print(io::print_json(across_json(answers)) + '\n');
  if (options.format == "csv") print(csv_text(across_rows(answers)));
  if (options.format == "table") print(across_text(answers, options.models.size() > 1));
  const bool any = std::ranges::any_of(answers, [](const Answer& one) { return one.choice.accepted > 0; });
  if (!any) return no_configuration(options.question.total_gpus);
  return options.strict && !best_is_sound(answers) ? kOutsideDomain : kOk;
}

/// What starts the best configuration alone on standard output, and what it is on standard error.
int launch_best(const ChooseOptions& options, const choose::Choice& choice, const choose::Question& question,
                const AskedModel& model) {
  if (choice.accepted == 0) return no_configuration(question.total_gpus);
  const choose::Configuration& best = choice.configurations.front();
  print(launch_text(options.launch, best, question, model.predictor->groups()[model.group],
                    options.system.open()));
  inform("starts " + configuration_name(best) +
         ", which needs the least energy: " + quantity_text(best.energy_per_request_j, "J") +
         " per request; replace the model by the name or folder that the engine loads");
  model.warn_of_verdict();
  return kOk;
}

/// A prior knows layouts of other systems: none of this one was measured.
void forget_measured(choose::Choice& choice) {
  for (choose::Configuration& one : choice.configurations) one.measured = false;
  choice.best_measured.reset();
  choice.best_unmeasured.reset();
}

int choose(const ChooseOptions& options) {
  options.plot.check();
  if (options.across || options.models.size() > 1) return choose_across(options);
  const std::string file = options.models.empty() ? std::string() : options.models.front();
  const AskedModel model =
      asked_model({file, options.library, options.where},
                  library_reading(options.request.load, known(options.batch)), options.system);
  choose::Question question = question_of(options, model.group);
  options.cost.flags.check(model.predictor->groups()[model.group]);
  choose::Choice choice = answer(*model.predictor, model.file, options, question);
  if (model.note && model.unmeasured()) forget_measured(choice);
  if (!options.launch.empty()) return launch_best(options, choice, question, model);
  print(choice_answer({choice, question, options.cost, static_cast<std::size_t>(options.top)}, model,
                      options.format));
  model.warn_of_verdict();
  if (options.plot.given())
    options.plot.write(choice_chart(choice, question, model.predictor->groups()[model.group]));
  if (choice.accepted == 0) return no_configuration(question.total_gpus);
  const predictor::Prediction& best = choice.configurations.front().prediction;
  if (!best.inside_domain) warn("the best configuration is outside the fitted domain: " + best.outside);
  const bool sound = best.inside_domain && is_sound(model.context());
  return options.strict && !sound ? kOutsideDomain : kOk;
}

}  // namespace

Run choose_verb(Arguments& args) {
  const auto options = std::make_shared<ChooseOptions>();
  args.positionals("MODEL", options->models,
                   "model files written by fit or discover, or library:MODEL@GPU:QUANT", false);
  args.reads();
  options->library.declare(args);
  declare_load(args, *options);
  declare_layouts(args, *options);
  declare_limits(args, *options);
  declare_cost(args, *options);
  options->system.declare_catalogue(args);
  options->system.declare_facts(args);
  options->system.declare_context(args);
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, such as quant=fp8, if the model file contains several; may be repeated");
  args.flag("--across-groups", options->across,
            "rank the best configurations of all groups; several MODEL files imply it");
  args.seed("--seed", options->question.seed, "random seed for estimating the probabilities");
  args.whole("--top-n", options->top, kCount,
             "list only the N best configurations that are accepted; rejected ones are always listed [all]");
  options->plot.declare(args, "plot energy against latency");
  args.text(
      "--launch", options->launch, "TARGET",
      "print only the command or file that starts the best configuration, for vllm, sglang, trtllm, k8s or slurm");
  declare_format(args, options->format);
  args.flag(
      "--strict", options->strict,
      "exit with code 5 if the best configuration is outside the fitted domain (the ranges of the training rows), "
      "if the verdict of the fit is \"do not use\", or if no training row was measured");
  args.example(
      "energylens choose --model Qwen3-32B --gpu H100-80GB-SXM --rate 2 --isl 1024 --osl 256 --total-gpus 8");
  args.example(
      "energylens choose model.json --rate 2.5 --isl 512 --osl 256 --total-gpus 8 --ttft 500 --tpot 50");
  return [options] { return choose(*options); };
}

}  // namespace energylens::cli
