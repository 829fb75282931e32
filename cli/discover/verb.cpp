// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>

#include "cli/console.hpp"
#include "cli/discover/flags.hpp"
#include "cli/discover/output_folder.hpp"
#include "cli/discover/plot.hpp"
#include "cli/discover/report.hpp"
#include "cli/flags.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/assess.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::cli {
namespace {

struct DiscoverOptions {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  DiscoverFlags discover;
  PlotFlag plot;
  std::string output, with, format = "table";
};

/// Searches under the status line and the warnings of the program.
template <class Data>
discovery::Discovery discover_in(const Data& data, const DiscoverOptions& options) {
  discovery::DiscoveryOptions settings = options.discover.options();
  settings.search.threads = options.run.threads;
  settings.search.cancel = &interrupted();
  const auto line = status_line(options.run.quiet);
  if (line) settings.search.watch = [line](const search::Status& status) { line(status_text(status)); };
  discovery::Discovery found = discovery::discover(data, settings);
  if (line) line("");
  warn(found.warnings);
  if (found.front.why == search::Ended::cancelled) inform("stopped early; the front is incomplete");
  return found;
}

/// Prints before anything is written, so that a full disk does not cost the result of the search.
void print_and_add(const discovery::Discovery& found, OutputFolder& folder, const DiscoverOptions& options) {
  print(report(found.front, found.problem, options.format));
  if (options.plot.given()) options.plot.write(front_chart(found.front, options.data.files));
  folder.add("front.json", front_json(found.front, found.problem));
  folder.add("hall_of_fame.csv", hall_of_fame_csv(found.front));
}

/// The model of the other target that --with names.
std::optional<parametric::StructureModel> other_model(const std::string& file) {
  if (file.empty()) return std::nullopt;
  return parametric::StructureModel::from_json(read_file(file), file);
}

void require_joinable(const parametric::StructureModel& other, const discovery::Measurements& data) {
  std::vector<table::GroupIdentity> identities;
  for (const table::Group* group : data.groups) identities.push_back(group->identity);
  parametric::require_joinable(other, data.energy ? predictor::Metric::energy : predictor::Metric::time,
                               identities);
}

void discover_measurements(const DiscoverOptions& options) {
  const std::optional<parametric::StructureModel> other = other_model(options.with);
  const std::vector<table::Group> groups = options.data.read_groups();
  options.system.warn_of_stated_capacities(groups);
  const hardware::Catalogue catalogue = options.system.open();
  discovery::MeasurementOptions reading = options.discover.measurements();
  reading.kv_capacity_tokens = options.system.kv_capacity_tokens;
  reading.gpu_memory_utilization = options.system.gpu_memory_utilization;
  reading.catalogue = &catalogue;
  const discovery::Measurements data = discovery::measurements(groups, reading);
  warn(data.warnings);
  if (other) require_joinable(*other, data);
  OutputFolder folder(options.output);
  const discovery::Discovery found = discover_in(data, options);
  print_and_add(found, folder, options);
  if (!folder.given()) return;
  predictor::FitOptions fit;
  options.system.apply(fit);
  fit.catalogue = &catalogue;
  fit.seed = options.discover.seed();
  parametric::StructureModel model = discovery::model_of(found, data, fit);
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    const predictor::TrainingData rows = predictor::all_rows(std::span(data.groups[g], 1));
    model.set_verdict(g, parametric::assess(model, g, rows.front(), fit).verdict);
  }
  folder.add("model.json", other ? parametric::joined(model, *other).to_json() : model.to_json());
  folder.write();
}

void discover_columns(const DiscoverOptions& options) {
  if (!options.with.empty())
    throw Error::usage("--with applies to serving measurements and cannot be used with --y");
  const search::Columns data =
      search::columns(options.data.files, options.discover.columns(options.data.where));
  warn(data.warnings);
  OutputFolder folder(options.output);
  print_and_add(discover_in(data, options), folder, options);
  folder.write();
  folder.remove_model();
}

}  // namespace

Run discover_verb(Arguments& args) {
  const auto options = std::make_shared<DiscoverOptions>();
  options->data.declare(args);
  args.text("-o,--output", options->output, "DIR",
            "output folder for hall_of_fame.csv, front.json and model.json [none: print the formulas only]");
  args.uses_files(FileRole::written, [options](FileUses& uses) {
    for (const std::string& file : OutputFolder::files_in(options->output)) uses.writes("-o", file);
  });
  options->plot.declare(args, "plot the error of the formulas against their complexity");
  declare_format(args, options->format);
  options->discover.declare(args);
  args.text("--with", options->with, "MODEL",
            "model file of the other target (energy or time) to include in the new model file");
  args.reads();
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens discover measurements.csv --time-limit 300 --checkpoint state -o found");
  args.example("energylens discover gemm.csv --y energy=latency*power/1000:J --x m,n,k --by device -o found");
  return [options] {
    if (!options->with.empty() && options->output.empty()) throw Error::usage("--with requires -o");
    options->discover.check();
    options->plot.check();
    if (options->discover.any_table()) {
      discover_columns(*options);
    } else {
      discover_measurements(*options);
    }
    return kOk;
  };
}

}  // namespace energylens::cli
