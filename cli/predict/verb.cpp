// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/power_curve.hpp"
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

/// The prediction; throws where there is none.
predictor::Prediction ask(const predictor::Predictor& predictor, std::size_t group,
                          const table::Configuration& config) {
  predictor::Prediction prediction = predictor.predict(group, config);
  if (known(config.kv_capacity_tokens)) prediction.kv_capacity_source = predictor::CapacitySource::flag;
  if (!prediction.valid) throw Error::usage("the KV cache cannot hold a single request of this length");
  const bool silent = !known(prediction.total_energy_j.value) &&
                      !known(prediction.energy_per_out_token_j.value) &&
                      !known(prediction.total_time_s.value) && !known(prediction.tpot_s.value);
  if (silent && !known(config.load.isl)) throw Error::usage("this model requires --isl");
  if (silent) throw Error::usage("the model cannot predict this configuration");
  return prediction;
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

int predict(const PredictOptions& options) {
  const auto predictor = registry::load(options.model);
  const std::size_t group = select_group(predictor->groups(), options.where);
  const table::Configuration config = configuration(options);
  predictor::Prediction prediction = ask(*predictor, group, config);
  limit_power({options.model, options.power_limit_w}, *predictor, group, config.layout, prediction);

  io::Json object = io::Json::object({{"layout", table::layout_text(config.layout)}});
  add_prediction(object, prediction);
  if (options.format == "json") print(io::print_json(object) + '\n');
  if (options.format == "csv") print(csv_text(io::Json::array({object})));
  if (options.format == "table") print(people_text(config, prediction));
  if (prediction.kv_capacity_source == predictor::CapacitySource::unlimited) {
    warn("KV capacity unknown; assuming all requests run at once (set --kv-capacity-tokens)");
  }
  if (prediction.inside_domain) return kOk;
  warn("outside the fitted domain: " + prediction.outside);
  return options.strict ? kOutsideDomain : kOk;
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
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  declare_format(args, options->format);
  args.flag("--strict", options->strict,
            "exit with code 5 if the configuration is outside the fitted domain");
  args.example("energylens predict model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256");
  return [options] { return predict(*options); };
}

}  // namespace energylens::cli
