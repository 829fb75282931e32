// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/power_curve.hpp"
#include "cli/predict/ask.hpp"
#include "cli/predict/report.hpp"
#include "cli/verb.hpp"
#include "core/count_text.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

int predict_file(const PredictOptions& options) {
  if (options.describes_one() || options.cost.prices.any())
    throw Error::usage(
        "--configurations states every configuration; only the model, --where and --context-tokens go with it");
  table::Load with_lengths;
  with_lengths.isl = with_lengths.osl = 1;
  const AskedModel model = asked_model({options.model, options.library, options.where},
                                       library_reading(with_lengths, true), options.system);
  const std::size_t outside =
      predict_many(options.many, options.format, model, options.system.context_tokens);
  model.warn_of_verdict();
  if (outside > 0)
    warn(count_text(static_cast<double>(outside)) + " configurations are outside the fitted domain");
  const bool sound = outside == 0 && !model.not_to_be_used() && !model.unmeasured();
  return options.strict && !sound ? kOutsideDomain : kOk;
}

int predict(const PredictOptions& options) {
  if (options.many.given()) return predict_file(options);
  if (options.many.intervals || options.many.output != "-")
    throw Error::usage("--intervals and --output require --configurations");
  const AskedModel model = options.asked();
  table::Configuration config = options.configuration();
  options.cost.check(model.predictor->groups()[model.group]);
  check_length(options.request.load, options.system.context_tokens, model);
  predictor::Prediction prediction = ask_in_flight(*model.predictor, model.group, config);
  limit_power({options.model, options.power_limit_w, options.clock_share}, *model.predictor, model.group,
              config.layout, prediction);
  print_prediction(options, config, prediction, model);
  model.warn_of_verdict();
  if (prediction.kv_capacity_source == predictor::CapacitySource::unlimited)
    warn("KV capacity unknown; assuming all requests run at once (set --kv-capacity-tokens)");
  if (!prediction.inside_domain) warn("outside the fitted domain: " + prediction.outside);
  const bool sound = prediction.inside_domain && is_sound(model.context());
  return options.strict && !sound ? kOutsideDomain : kOk;
}

}  // namespace

Run predict_verb(Arguments& args) {
  const auto options = std::make_shared<PredictOptions>();
  options->declare(args);
  options->cost.declare(args);
  options->many.declare(args);
  declare_format(args, options->format);
  args.flag(
      "--strict", options->strict,
      "exit with code 5 if the configuration is outside the fitted domain (the ranges of the training rows), "
      "if the verdict of the fit is \"do not use\", or if no training row was measured");
  args.example("energylens predict model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256");
  args.example("energylens predict model.json --configurations grid.csv -o predictions.csv");
  return [options] { return predict(*options); };
}

}  // namespace energylens::cli
