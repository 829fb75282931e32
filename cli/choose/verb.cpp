// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "cli/asked_model.hpp"
#include "cli/choose/across.hpp"
#include "cli/choose/answers.hpp"
#include "cli/choose/options.hpp"
#include "cli/choose/plot.hpp"
#include "cli/choose/report.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"

namespace energylens::cli {
namespace {

int no_configuration(int total_gpus) {
  report_error("no configuration of at most " + std::to_string(total_gpus) +
               " GPUs serves this workload within the limits");
  return kNoConfiguration;
}

int choose_across(const ChooseOptions& options) {
  if (options.plot.given()) throw Error::usage("--plot shows one group; select it with --where");
  const std::vector<Answer> answers = answers_of(options);
  if (options.format == "json") print(io::print_json(across_json(answers)) + '\n');
  if (options.format == "csv") print(csv_text(across_rows(answers)));
  if (options.format == "table") print(across_text(answers, options.models.size() > 1));
  const bool any = std::ranges::any_of(answers, [](const Answer& one) { return one.choice.accepted > 0; });
  return any ? kOk : no_configuration(options.question.total_gpus);
}

int choose(const ChooseOptions& options) {
  options.plot.check();
  if (options.across || options.models.size() > 1) return choose_across(options);
  const AskedModel model = load_asked_model(options.models.front(), options.where);
  choose::Question question = question_of(options, model.group);
  const choose::Choice choice = answer(*model.predictor, model.file, options, question);
  print(choice_answer(choice, question, model, static_cast<std::size_t>(options.top), options.format));
  model.warn_of_verdict();
  if (options.plot.given())
    options.plot.write(choice_chart(choice, question, model.predictor->groups()[model.group]));
  if (choice.accepted == 0) return no_configuration(question.total_gpus);
  const predictor::Prediction& best = choice.configurations.front().prediction;
  if (!best.inside_domain) warn("the best configuration is outside the fitted domain: " + best.outside);
  const bool sound = best.inside_domain && !model.not_to_be_used() && !model.unmeasured();
  return options.strict && !sound ? kOutsideDomain : kOk;
}

}  // namespace

Run choose_verb(Arguments& args) {
  const auto options = std::make_shared<ChooseOptions>();
  args.positionals("MODEL", options->models, "model files written by fit or discover", true);
  args.reads();
  declare_load(args, *options);
  declare_layouts(args, *options);
  declare_limits(args, *options);
  options->system.declare_catalogue(args);
  options->system.declare_facts(args);
  options->system.declare_context(args);
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  args.flag("--across-groups", options->across,
            "rank the best configurations of all groups; several MODEL files imply it");
  args.seed("--seed", options->question.seed, "random seed of the probabilities");
  args.whole("--top-n", options->top, kCount, "show only the N best configurations and those rejected [all]");
  options->plot.declare(args, "plot energy against latency");
  declare_format(args, options->format);
  args.flag(
      "--strict", options->strict,
      "exit with code 5 if the best configuration is outside the fitted domain, the verdict of the fit is \"do not use\", or nothing was measured");
  args.example(
      "energylens choose model.json --rate 2.5 --isl 512 --osl 256 --total-gpus 8 --ttft 500 --tpot 50");
  return [options] { return choose(*options); };
}

}  // namespace energylens::cli
