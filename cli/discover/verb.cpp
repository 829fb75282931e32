// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/console.hpp"
#include "cli/discover/flags.hpp"
#include "cli/discover/plot.hpp"
#include "cli/discover/report.hpp"
#include "cli/discover/search.hpp"
#include "cli/flags.hpp"
#include "cli/verb.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/file.hpp"
#include "energylens/discovery/from_front.hpp"
#include "energylens/parametric/structure_fit.hpp"
#include "energylens/predictor/quantities.hpp"

namespace energylens::cli {
namespace {

struct DiscoverOptions {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  DiscoverFlags discover;
  PlotFlag plot;
  std::string output, with, format = "table";

  /// Without a folder the front is only printed.
  void write(const std::string& name, const std::string& content) const {
    if (!output.empty()) write_file(output + '/' + name, content);
  }
};

/// Searches the rows that --train leaves, which stay in `problem`, and judges by the others.
search::Front find(search::Problem& problem, search::Options search, const DiscoverOptions& options) {
  search = options.discover.search(std::move(search));
  search.threads = options.run.threads;
  search.cancel = &interrupted();
  const auto line = status_line(options.run.quiet);
  if (line) search.watch = [line](const search::Status& status) { line(status_text(status)); };
  const search::Problem all = problem;
  const std::vector<bool> searched = options.discover.searched(all);
  problem = search::subset(all, searched);
  search::set_constants_aside(problem);
  search::Front front = search_into(options.output, problem, search);
  if (line) line("");
  warn(search::warnings(problem));
  warn(search::warnings(front));
  search::judge_unseen(front, all, searched);
  options.discover.pick_from(front);
  judge_constants(front, problem, search);
  if (front.why == search::Ended::cancelled) inform("stopped early; the front is incomplete");
  return front;
}

/// Prints before it writes: a disk that is full shall not cost the search.
void give(const search::Front& front, const search::Problem& problem, const DiscoverOptions& options) {
  print(report(front, problem, options.format));
  if (options.plot.given()) options.plot.write(front_chart(front, options.data.files));
  options.write("front.json", front_json(front, problem));
  options.write("hall_of_fame.csv", hall_of_fame_csv(front));
}

parametric::StructureModel model_of(const search::Front& front, const discovery::Measurements& data,
                                    const DiscoverOptions& options, const hardware::Catalogue& catalogue) {
  predictor::FitOptions fit;
  fit.kv_capacity_tokens = options.system.kv_capacity_tokens;
  fit.catalogue = &catalogue;
  fit.seed = options.discover.seed;
  return discovery::from_front(front, data, options.discover.energy(), fit);
}

int discover_measurements(const DiscoverOptions& options) {
  // Read before the search: a refusal costs no minute.
  std::optional<parametric::StructureModel> other;
  if (!options.with.empty())
    other.emplace(parametric::StructureModel::from_json(read_file(options.with), options.with));
  const std::vector<table::Group> groups = options.data.read_groups();
  const hardware::Catalogue catalogue = options.system.open();
  const bool energy = options.discover.energy();
  discovery::Measurements data = discovery::measurements(
      groups, {energy, options.discover.form, options.system.kv_capacity_tokens, &catalogue,
               predictor::checked_quantities(options.discover.quantities), options.discover.tags});
  warn(data.warnings);
  if (other) {
    std::vector<table::GroupIdentity> identities;
    for (const table::Group* group : data.groups) identities.push_back(group->identity);
    require_joinable(*other, energy ? predictor::Metric::energy : predictor::Metric::time, identities);
  }
  const std::vector<bool> searched = options.discover.searched(data.problem);
  const search::Front front = find(data.problem, discovery::measurement_options(data, energy), options);
  std::size_t next = 0;
  for (std::size_t i = 0; i < searched.size(); ++i) {
    if (searched[i]) data.rows[next++] = data.rows[i];
  }
  data.rows.resize(next);
  give(front, data.problem, options);
  if (!options.output.empty()) {
    parametric::StructureModel model = model_of(front, data, options, catalogue);
    if (other) model = parametric::joined(model, *other);
    options.write("model.json", model.to_json());
  }
  return kOk;
}

int discover_columns(const DiscoverOptions& options) {
  if (!options.with.empty())
    throw Error::usage("--with applies to serving measurements and cannot be used with --y");
  search::Columns data = search::columns(options.data.files, options.discover.columns(options.data.where));
  warn(data.warnings);
  const search::Front front = find(data.problem, search::column_options(data), options);
  give(front, data.problem, options);
  forget_model(options.output);
  return kOk;
}

}  // namespace

Run discover_verb(Arguments& args) {
  const auto options = std::make_shared<DiscoverOptions>();
  options->data.declare(args);
  args.text("-o,--output", options->output, "DIR",
            "output folder for hall_of_fame.csv, front.json and model.json [none: print the front]");
  options->plot.declare(args, "plot the error of the formulas against their complexity");
  declare_format(args, options->format);
  options->discover.declare(args);
  args.text("--with", options->with, "MODEL",
            "model file of the other target (energy or time) to include in the new model file");
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens discover measurements.csv --time-limit 300 --checkpoint state -o found");
  args.example("energylens discover gemm.csv --y energy=latency*power/1000:J --x m,n,k --by device -o found");
  return [options] {
    if (!options->with.empty() && options->output.empty()) throw Error::usage("--with requires -o");
    options->discover.check();
    options->plot.check(options->data.files);
    return options->discover.any_table() ? discover_columns(*options) : discover_measurements(*options);
  };
}

}  // namespace energylens::cli
