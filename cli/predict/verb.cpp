// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/power_curve.hpp"
#include "cli/predict/ask.hpp"
#include "cli/verb.hpp"
#include "core/count_text.hpp"
#include "core/rounded_text.hpp"
#include "energylens/registry/kinds.hpp"

namespace energylens::cli {
namespace {

struct PredictOptions {
  std::string model, layout, format = "table", row_kind = "job";
  int tp = 0, pp = 0, dp = 0, ep = 0;
  double batch = kUnknown, max_batch = kUnknown, kv_capacity_tokens = kUnknown;
  double power_limit_w = kUnknown;
  RequestFlags request;
  std::vector<std::string> where;
  SystemFlags system;
  bool strict = false;
};

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

std::string line(std::string_view name, const predictor::Estimate& estimate, double scale,
                 const std::string& unit) {
  if (!known(estimate.value)) return {};
  std::string text =
      std::string(name) + std::string(22 - name.size(), ' ') + quantity_text(estimate.value * scale, unit);
  if (known(estimate.lo)) {
    text += "  (90 %: " + quantity_text(estimate.lo * scale, unit) + " to " +
            quantity_text(estimate.hi * scale, unit) + ")";
  }
  return text + '\n';
}

std::string people_text(const table::Configuration& config, const predictor::Prediction& p) {
  std::string text = table::layout_text(config.layout) + ", batch " + count_text(config.load.batch) + '\n';
  text += line("total energy", p.total_energy_j, 1, "J") + line("  prefill", p.prefill_energy_j, 1, "J") +
          line("  decode", p.decode_energy_j, 1, "J") +
          line("energy / output token", p.energy_per_out_token_j, 1, "J") +
          line("total time", p.total_time_s, 1, "s") + line("time to first token", p.ttft_s, 1, "s") +
          line("time / output token", p.tpot_s, 1, "s") + line("mean power", p.avg_power_w, 1, "W");
  if (known(p.waves)) text += "waves                 " + count_text(p.waves) + '\n';
  return text + "KV capacity           " +
         (known(p.kv_capacity_tokens) ? rounded_text(p.kv_capacity_tokens) + " tokens (" +
                                            std::string(capacity_origin(p.kv_capacity_source)) + ')'
                                      : "unlimited") +
         '\n';
}

void print_prediction(const PredictOptions& options, const table::Configuration& config,
                      const predictor::Prediction& prediction, const AskedModel& model) {
  io::Json object = io::Json::object({{"layout", table::layout_text(config.layout)}});
  add_prediction(object, prediction);
  object["in_flight"] = std::min(config.load.batch, most_in_flight(config, prediction));
  const io::Json question = asked_json(config, options.batch, options.power_limit_w);
  if (options.format == "json") {
    add_echo(object, question, model);
    print(io::print_json(object) + '\n');
  } else if (options.format == "csv") {
    add_echo_cells(object, question, model);
    print(csv_text(io::Json::array({object})));
  } else {
    print(people_text(config, prediction) + model.verdict_line());
  }
}

int predict(const PredictOptions& options) {
  const AskedModel model = load_asked_model(options.model, options.where);
  table::Configuration config = configuration(options);
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
  args.positional("MODEL", options->model, "model file written by fit or discover");
  args.reads();
  args.text("--layout", options->layout, "LAYOUT",
            "parallel layout such as tp4pp2; alternatively --tp, --pp, --dp and --ep");
  args.whole("--tp", options->tp, kDegree, "tensor-parallel degree [1]");
  args.whole("--pp", options->pp, kDegree, "pipeline-parallel degree [1]");
  args.whole("--dp", options->dp, kDegree, "data-parallel replicas [1]");
  args.whole("--ep", options->ep, kDegree, "expert-parallel degree [1]");
  args.number("--batch", options->batch, kPositive, "number of requests, over all replicas");
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
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  declare_format(args, options->format);
  args.flag(
      "--strict", options->strict,
      "exit with code 5 if the configuration is outside the fitted domain, the verdict of the fit is \"do not use\", or nothing was measured");
  args.example("energylens predict model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256");
  return [options] { return predict(*options); };
}

}  // namespace energylens::cli
