// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/console.hpp"
#include "cli/design/flags.hpp"
#include "cli/design/library_prior.hpp"
#include "cli/design/report.hpp"
#include "cli/flags.hpp"
#include "cli/power_limits.hpp"
#include "cli/verb.hpp"
#include "core/text.hpp"

namespace energylens::cli {
namespace {

struct DesignOptions {
  DataFlags data;
  SystemFlags system;
  DesignFlags design;
  std::string strategy = "sequential", prior = "general", format = "table";
  std::uint64_t seed = 0;
  int rows = 30;
  double budget_s = kUnknown;
  bool quiet = false;
};

/// The measurements of one system, or a system without measurements.
table::Group group_of(const DesignOptions& options, const hardware::Catalogue& catalogue) {
  if (options.data.files.empty()) {
    if (!options.data.where.empty()) throw Error::usage("--where requires DATA");
    return {options.design.identity(), {}};
  }
  if (options.design.names_system()) {
    throw Error::usage("--model, --gpu, --quant and --kv-dtype cannot be combined with DATA");
  }
  std::vector<table::Group> groups = join_power_limits(options.data.read_groups(), catalogue);
  if (groups.size() == 1) return std::move(groups.front());
  std::string all;
  for (const table::Group& group : groups) all += (all.empty() ? "" : "; ") + group.identity.text();
  throw Error::usage("DATA contains several groups; select one with --where: " + all);
}

design::Problem problem_of(const DesignOptions& options, const table::Group& group) {
  const predictor::Facts facts = options.system.facts(group.identity);
  design::Grid grid = options.design.grid(group.rows, facts);
  grid.kv_capacity_tokens = options.system.kv_capacity_tokens;
  std::size_t impossible = 0;
  design::Problem problem = design::problem_of(grid, group.identity, group.rows, facts, &impossible);
  if (impossible > 0)
    warn("excluded " + plural(impossible, "configuration") + " whose KV cache cannot hold one request");
  if (problem.workload.empty())
    throw Error::usage("no configuration of the workload can hold a single request");
  if (problem.candidates.empty()) {
    throw Error::usage(
        "every configuration in this grid has been measured; add values with --batch, --isl, --osl or --layouts, or use --repeats");
  }
  return problem;
}

/// The number of picks, from the first on, that fit the budget.
std::size_t affordable(const design::Design& design, const MeasuringTimes& times, double budget_s) {
  double sum = 0;
  for (std::size_t i = 0; i < design.picks.size(); ++i) {
    const double seconds = times.seconds[design.picks[i]];
    if (!known(seconds))
      throw Error::usage("--budget-s: the duration of some of these measurements is unknown");
    sum += seconds;
    if (sum > budget_s) return i;
  }
  return design.picks.size();
}

int design_rows(const DesignOptions& options) {
  const hardware::Catalogue catalogue = options.system.open();
  const table::Group group = group_of(options, catalogue);
  const design::Problem problem = problem_of(options, group);
  design::DesignOptions settings;
  settings.strategy = design::parse_strategy(options.strategy);
  settings.rows = static_cast<std::size_t>(options.rows);
  settings.seed = options.seed;
  settings.fit.catalogue = &catalogue;
  options.system.apply(settings.fit);
  settings.fit.run.cancel = &interrupted();
  std::optional<parametric::LawModel> law;
  if (options.prior == "library") {
    law = library_law(problem, options.system.facts(group.identity), settings.fit);
    settings.law = &*law;
    settings.strategy = design::Strategy::d_optimal;
  }
  const auto status = status_line(options.quiet);
  if (status)
    status("design: weighing " + plural(problem.candidates.size(), "candidate") + " by " +
           plural(problem.measured.size(), "measured row"));
  settings.progress = progress_line("design", options.quiet);
  design::Design design = design::propose(problem, settings);
  if (status) status("");
  const MeasuringTimes times = measuring_times(problem, settings.fit, catalogue);
  if (known(options.budget_s)) {
    settings.rows = affordable(design, times, options.budget_s);
    if (settings.rows < design.picks.size()) design = design::propose(problem, settings);
  }
  if (settings.rows == 0) warn("the first measurement alone takes longer than --budget-s");
  if (interrupted().cancelled()) throw Error::cancelled();
  if (design.spread_instead) {
    inform(options.strategy + " requires " + std::to_string(design::kLeastRows) +
           " measured rows; using spread instead. Measure some of these and rerun with the results");
  }
  print(design_text({problem, settings, design, times}, options.format));
  return kOk;
}

std::vector<std::string> strategy_names() {
  std::vector<std::string> names;
  for (const design::StrategyInfo& info : design::strategy_infos()) names.emplace_back(info.name);
  return names;
}

}  // namespace

Run design_verb(Arguments& args) {
  const auto options = std::make_shared<DesignOptions>();
  options->data.declare(args, false);
  options->design.declare(args);
  args.whole("-n,--rows", options->rows, kCount, "number of measurements to select");
  args.choice(
      "--strategy", options->strategy, strategy_names(),
      "what to optimise: nothing (random), coverage of the workload (spread), parameters of the law (d-optimal), predicted energies (i-optimal) or choices between layouts (sequential)");
  args.choice(
      "--prior", options->prior, {"general", "library"},
      "what is known before the rows: nothing, or what the library knows of similar systems, which selects "
      "d-optimal and needs no rows");
  args.number("--budget-s", options->budget_s, kPositive,
              "limit on the total duration of the measurements (s) [none]");
  args.seed("--seed", options->seed, "random seed");
  options->system.declare_catalogue(args);
  options->system.declare_facts(args);
  declare_format(args, options->format);
  args.flag("--quiet", options->quiet, "do not show progress");
  args.example(
      "energylens design --model Llama-3.1-70B --gpu H100-80GB-SXM --quant fp16 --total-gpus 8 --batch "
      "1,4,16,64,256 --isl 512 --osl 128,512 -n 12 --format csv > plan.csv");
  args.example("energylens design measured.csv -n 6 --workload batch=16..64 --budget-s 600");
  return [options] { return design_rows(*options); };
}

}  // namespace energylens::cli
