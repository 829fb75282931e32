// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/explain/report.hpp"
#include "cli/explain/requests.hpp"
#include "cli/output.hpp"
#include "cli/plot.hpp"
#include "cli/power_curve.hpp"
#include "cli/predict/ask.hpp"
#include "cli/predict/question.hpp"
#include "cli/verb.hpp"
#include "energylens/core/error.hpp"
#include "energylens/predictor/facts.hpp"
#include "predictor/in_flight.hpp"

namespace energylens::cli {
namespace {

struct ExplainOptions : QuestionFlags {
  std::string format = "table", versus;
  PlotFlag plot;
  RequestLogFlags log;
};

/// The parts of one configuration, the power limit as the last one.
Explained explained(const ExplainOptions& options, const AskedModel& model, table::Configuration config) {
  Explained out;
  out.prediction = ask_in_flight(*model.predictor, model.group, config);
  out.config = config;
  const auto account = [&](predictor::Metric metric) {
    return explain::account_of(*model.predictor, model.group, config, out.prediction, metric);
  };
  out.energy = account(predictor::Metric::energy);
  out.time = account(predictor::Metric::time);
  if (!known(options.power_limit_w) && !known(options.clock_share)) return out;
  limit_power({options.model, options.power_limit_w, options.clock_share}, *model.predictor, model.group,
              config.layout, out.prediction);
  const std::string meaning = "what the power limit or the clock changes";
  if (out.energy) explain::add_part(*out.energy, "power_limit", meaning, out.prediction.total_energy_j.value);
  if (out.time) explain::add_part(*out.time, "power_limit", meaning, out.prediction.total_time_s.value);
  return out;
}

/// At the limit, else at the TDP, where a limit begins to bind.
CapElasticity cap_elasticity(const ExplainOptions& options, const AskedModel& model, const Explained& asked) {
  constexpr double kStep = 0.005;
  const predictor::Facts* const facts = model.predictor->facts(model.group);
  const double tdp_w = facts ? facts->gpu_tdp_w : kUnknown;
  CapElasticity out{known(options.power_limit_w) ? options.power_limit_w : tdp_w};
  const powercap::GpuCurve curve = powercap::curve_of(powercap::read_curves(options.model),
                                                      model.predictor->groups()[model.group]["gpu"], tdp_w);
  const predictor::Prediction free = model.predictor->predict(model.group, asked.config);
  const double watts = free.avg_power_w.value / asked.config.layout.gpus();
  if (!known(curve.curve.static_w) || !(watts > 0) || !known(out.at_w)) return {};
  const powercap::Factors more = powercap::at_cap(curve.curve, watts, out.at_w * (1 + kStep)),
                          less = powercap::at_cap(curve.curve, watts, out.at_w * (1 - kStep));
  out.energy = 100 * (more.energy / less.energy - 1);
  out.time = 100 * (more.time / less.time - 1);
  return out;
}

Explanation explanation_of(const ExplainOptions& options, const AskedModel& model) {
  const parametric::Model* const form = explain::form_of(*model.predictor);
  if (!form) throw Error::usage("a " + std::string(model.predictor->kind()) + " has no parts to explain");
  Explanation out{explained(options, model, options.configuration()), std::nullopt, {}, {}, {}};
  out.elasticities =
      explain::elasticities(*model.predictor, model.group, out.asked.config, out.asked.prediction);
  out.cap = cap_elasticity(options, model, out.asked);
  out.yardsticks = explain::yardsticks(*form, model.group);
  if (options.versus.empty()) return out;
  table::Configuration other = options.configuration();
  other.layout = table::parse_layout(options.versus);
  out.versus = explained(options, model, other);
  return out;
}

void warn_of_domain(const Explained& one) {
  if (one.prediction.kv_capacity_source == predictor::CapacitySource::unlimited)
    warn("KV capacity unknown; assuming all requests run at once (set --kv-capacity-tokens)");
  if (!one.prediction.inside_domain)
    warn(table::layout_text(one.config.layout) + ": outside the fitted domain: " + one.prediction.outside);
}

int explain_log(const ExplainOptions& options, const AskedModel& model) {
  const parametric::Model* const form = explain::form_of(*model.predictor);
  if (!form || !form->fit(model.group, predictor::Metric::energy))
    throw Error::usage("--requests requires a model that predicts energy");
  if (options.plot.given() || !options.versus.empty())
    throw Error::usage("--plot and --versus explain one configuration, not a log of requests");
  print_attribution(options.log, options, model, options.format);
  model.warn_of_verdict();
  return kOk;
}

int explain_question(const ExplainOptions& options) {
  options.plot.check();
  const AskedModel model = options.asked();
  if (!options.log.file.empty()) return explain_log(options, model);
  check_length(options.request.load, options.system.context_tokens, model);
  const Explanation explanation = explanation_of(options, model);
  if (options.format == "json") {
    io::Json object = explanation_json(explanation);
    object["in_flight"] =
        std::min(explanation.asked.config.load.batch,
                 predictor::most_in_flight(explanation.asked.config, explanation.asked.prediction));
    add_echo(object, asked_json(options.configuration(), options.batch, options.power_limit_w), model);
    print(io::print_json(object) + '\n');
  } else if (options.format == "csv") {
    print(csv_text(explanation_rows(explanation)));
  } else {
    print(explanation_text(explanation) + model.verdict_line());
  }
  if (options.plot.given())
    options.plot.write(
        explanation_chart(explanation, plot_title({&model.predictor->groups()[model.group], 1})));
  model.warn_of_verdict();
  warn_of_domain(explanation.asked);
  if (explanation.versus) warn_of_domain(*explanation.versus);
  return kOk;
}

}  // namespace

Run explain_verb(Arguments& args) {
  const auto options = std::make_shared<ExplainOptions>();
  options->declare(args);
  args.text("--versus", options->versus, "LAYOUT", "compare with this layout under the same load");
  options->plot.declare(args, "draw the parts as a waterfall");
  options->log.declare(args);
  declare_format(args, options->format);
  args.example("energylens explain model.json --layout tp4pp2 --batch 32 --isl 512 --osl 256 --versus tp8");
  return [options] { return explain_question(*options); };
}

}  // namespace energylens::cli
