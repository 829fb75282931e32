// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/plan/report.hpp"
#include "cli/power_curve.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "fleet/file.hpp"

namespace energylens::cli {
namespace {

struct PlanOptions {
  std::string file, output = "-", objective = "energy", format = "table";
  SystemFlags system;
  RunFlags run;
};

/// The model of a pool, its facts and the curve of its power limits.
fleet::Pool open_pool(const fleet::PoolText& text, const SystemFlags& system) {
  AskedModel model = load_asked_model(text.model_file, text.where);
  model.warn_of_verdict();
  fleet::Pool pool;
  pool.name = text.name;
  pool.group = model.group;
  const table::GroupIdentity identity = model.predictor->groups()[model.group];
  const predictor::Facts* const fitted = model.predictor->facts(model.group);
  pool.facts = system.facts(identity, fitted ? fitted->gpu_idle_w : kUnknown);
  if (fitted) predictor::fill_unknown(pool.facts, *fitted);
  if (known(text.gpu_idle_w)) pool.facts.gpu_idle_w = text.gpu_idle_w;
  pool.gpus = text.gpus;
  pool.layouts = text.layouts;
  pool.power_limits_w = text.power_limits_w;
  if (!text.power_limits_w.empty())
    pool.power_curve = power_curve(text.model_file, identity, pool.facts.gpu_tdp_w).curve;
  pool.predictor = std::move(model.predictor);
  return pool;
}

fleet::Objective objective_named(const std::string& name) {
  if (name == "cost") return fleet::Objective::cost;
  return name == "carbon" ? fleet::Objective::carbon : fleet::Objective::energy;
}

int plan(const PlanOptions& options) {
  fleet::FleetFile file = fleet::parse_fleet(read_file(options.file), options.file);
  for (const fleet::PoolText& text : file.pools) file.fleet.pools.push_back(open_pool(text, options.system));
  const std::vector<fleet::Offer> offers = fleet::offers(file.fleet, options.run.options("replicas"));
  const fleet::Objective objective = objective_named(options.objective);
  const RunOptions run = options.run.options("hours");
  const fleet::Plan best = fleet::best_plan(file.fleet, offers, objective, run);
  const std::vector<fleet::Rule> rules = fleet::rules(file.fleet, offers, objective, run);
  const PlanReport report{file.fleet, offers, best, rules};
  std::string text = plan_text(report);
  if (options.format == "json") text = io::print_json(plan_json(report)) + '\n';
  if (options.format == "csv") text = csv_text(plan_rows(report));
  write_file(options.output, text);
  for (const std::string& missing : missing_texts(report)) report_error(missing);
  return best.complete() ? kOk : kNoConfiguration;
}

}  // namespace

Run plan_verb(Arguments& args) {
  const auto options = std::make_shared<PlanOptions>();
  args.positional("FLEET", options->file,
                  "file that describes the GPU pools, classes of requests, demand and prices (JSON)");
  args.reads();
  args.choice("--objective", options->objective, {"energy", "cost", "carbon"}, "quantity to minimise");
  options->system.declare_catalogue(args);
  options->run.declare(args);
  declare_format(args, options->format);
  args.text("-o,--output", options->output, "FILE", "output file; - writes to standard output");
  args.writes();
  args.example("energylens plan fleet.json --objective cost");
  return [options] { return plan(*options); };
}

}  // namespace energylens::cli
