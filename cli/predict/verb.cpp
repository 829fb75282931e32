// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/library/system.hpp"
#include "cli/power_curve.hpp"
#include "cli/predict/ask.hpp"
#include "cli/predict/report.hpp"
#include "cli/verb.hpp"
#include "core/count_text.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

table::Layout layout_of(const PredictOptions& options) {
  const bool by_degrees = options.tp > 0 || options.pp > 0 || options.dp > 0 || options.ep > 0;
  if (options.layout.empty() == !by_degrees)
    throw Error::usage("specify the layout with either --layout or --tp, --pp, --dp and --ep");
  if (!by_degrees) return table::parse_layout(options.layout);
  return {std::max(1, options.tp), std::max(1, options.pp), std::max(1, options.dp), std::max(1, options.ep)};
}

table::Configuration configuration(const PredictOptions& options) {
  if (!known(options.batch)) throw Error::usage("--batch is required");
  if (!known(options.request.load.osl)) throw Error::usage("--osl is required");
  options.request.check();
  table::Configuration config{layout_of(options), options.request.load, options.kv_capacity_tokens};
  config.load.kind = options.row_kind == "job" ? table::RowKind::job : table::RowKind::steady;
  config.load.batch = options.batch;
  config.load.max_batch = options.max_batch;
  return config;
}

int predict(const PredictOptions& options) {
  const AskedModel model =
      asked_model({options.model, options.library, options.where},
                  library_reading(options.request.load, options.row_kind == "job"), options.system);
  table::Configuration config = configuration(options);
  options.cost.check(model.predictor->groups()[model.group]);
  check_length(options.request.load, options.system.context_tokens, model);
  predictor::Prediction prediction = ask_in_flight(*model.predictor, model.group, config);
  limit_power({options.model, options.power_limit_w}, *model.predictor, model.group, config.layout,
              prediction);
  print_prediction(options, config, prediction, model);
  model.warn_of_verdict();
  if (prediction.kv_capacity_source == predictor::CapacitySource::unlimited)
    warn("KV capacity unknown; assuming all requests run at once (set --kv-capacity-tokens)");
  if (!prediction.inside_domain) warn("outside the fitted domain: " + prediction.outside);
  const bool sound = prediction.inside_domain && !model.not_to_be_used() && !model.unmeasured();
  return options.strict && !sound ? kOutsideDomain : kOk;
}

}  // namespace

Run predict_verb(Arguments& args) {
  constexpr Bounds kDegree{.min = 1, .max = 4096, .whole = true};
  const auto options = std::make_shared<PredictOptions>();
  args.positional("MODEL", options->model,
                  "model file written by fit or discover, or library:MODEL@GPU:QUANT", false);
  args.reads();
  options->library.declare(args);
  args.text("--layout", options->layout, "LAYOUT",
            "parallel layout such as tp4pp2; alternatively --tp, --pp, --dp and --ep");
  args.whole("--tp", options->tp, kDegree, "tensor-parallel degree [1]");
  args.whole("--pp", options->pp, kDegree, "pipeline-parallel degree [1]");
  args.whole("--dp", options->dp, kDegree, "data-parallel replicas [1]");
  args.whole("--ep", options->ep, kDegree, "expert-parallel degree [1]");
  args.number("--batch", options->batch, kPositive,
              "requests in the job, or in flight if steady, over all replicas (required)");
  options->request.declare(args);
  args.choice("--row-kind", options->row_kind, {"job", "steady"},
              "job: the requests start together; steady: the requests are replaced as they finish");
  args.number("--max-batch", options->max_batch, kCount,
              "server limit on concurrent requests, over all replicas [none]");
  args.number("--kv-capacity-tokens", options->kv_capacity_tokens, kPositive,
              "KV cache capacity of one replica (tokens) [from the model file]");
  args.number("--power-limit-w", options->power_limit_w, kPositive,
              "power limit of each GPU (W) [that of the training rows]");
  options->system.declare_context(args);
  options->cost.declare(args);
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, such as quant=fp8, if the model file contains several; may be repeated");
  declare_format(args, options->format);
  args.flag(
      "--strict", options->strict,
      "exit with code 5 if the configuration is outside the fitted domain (the ranges of the training rows), "
      "if the verdict of the fit is \"do not use\", or if no training row was measured");
  args.example("energylens predict model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256");
  return [options] { return predict(*options); };
}

}  // namespace energylens::cli
