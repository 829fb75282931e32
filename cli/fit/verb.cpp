// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/fit/forms.hpp"
#include "cli/fit/plot.hpp"
#include "cli/fit/report.hpp"
#include "cli/fit/residual_report.hpp"
#include "cli/fit/training_rows.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/power_limits.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/assess.hpp"
#include "residual/fit.hpp"

namespace energylens::cli {
namespace {

struct FitOptions {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  predictor::FitOptions fit;
  PlotFlag plot;
  std::string form = "law", target = "both", format = "table", output, prior = "general";
  int train = 0;
  bool residual = false;
};

predictor::Target target_of(const std::string& name) {
  if (name == "energy") return predictor::Target::energy;
  return name == "time" ? predictor::Target::time : predictor::Target::both;
}

std::string report(const AssessedFit& fit, const residual::CorrectedModel* corrected,
                   const std::vector<powercap::GpuCurve>& curves, const std::string& format) {
  if (format == "csv") return csv_text(fit_report_rows(fit));
  if (format == "table") {
    return fit_report_text(fit) + (corrected ? '\n' + residual_report_text(*corrected) : std::string()) +
           power_caps_text(curves);
  }
  io::Json json = fit_report_json(fit);
  powercap::add_curves(json, curves);
  if (corrected) json["residual"] = residual_report_json(*corrected);
  return io::print_json(json) + '\n';
}

/// `corrected` is null for the form alone.
int finish(const AssessedFit& assessed, const residual::CorrectedModel* corrected,
           const predictor::TrainingData& data, const FitOptions& options,
           const std::vector<powercap::GpuCurve>& curves) {
  const parametric::Model& model = assessed.model;
  if (interrupted().cancelled()) throw Error::cancelled();  // an older model file stays as it is
  for (std::size_t g = 0; g < model.groups().size(); ++g) {
    for (const std::string& warning : model.warnings(g)) warn(model.groups()[g].text() + ": " + warning);
    if (const predictor::Verdict& verdict = assessed.assessments[g].verdict;
        verdict.grade == predictor::Grade::do_not_use)
      warn(model.groups()[g].text() + ": verdict: " + predictor::verdict_text(verdict));
  }
  if (!options.output.empty())
    write_file(options.output, model_text(corrected ? corrected->to_json() : model.to_json(), curves));
  if (options.plot.given()) {
    const predictor::Predictor& fitted =
        corrected ? static_cast<const predictor::Predictor&>(*corrected) : model;
    options.plot.write(fit_chart(fitted, data));
  }
  if (options.output != "-") print(report(assessed, corrected, curves, options.format));
  return kOk;
}

/// Power times time knows energies and times together, each group alone, and intervals from the covariance.
void refuse_for_power_time(const FitOptions& options) {
  const char* const flag = options.fit.pool            ? "--pool"
                           : options.fit.bootstrap > 0 ? "--bootstrap"
                           : options.target != "both"  ? "--target"
                                                       : nullptr;
  if (flag) throw Error::usage(std::string(flag) + " requires --form law");
}

int fit(const FitOptions& options) {
  const bool law = options.form == "law";
  if (!law) refuse_for_power_time(options);
  if (options.prior == "library") refuse_for_library(options.fit, options.residual, law);
  if (options.residual && options.target == "time")
    throw Error::usage("--residual corrects energies and cannot be used with --target time");
  options.plot.check();
  const hardware::Catalogue catalogue = options.system.open();
  std::vector<powercap::GpuCurve> curves;
  const std::vector<table::Group> groups =
      join_power_limits(options.data.read_groups(true), catalogue, curves);
  warn_of_small_groups(groups, options.train);
  options.system.warn_of_stated_capacities(groups);
  predictor::FitOptions settings = options.fit;
  settings.target = target_of(options.target);
  options.system.apply(settings);
  settings.catalogue = &catalogue;
  settings.run = options.run.options("fit");
  const predictor::TrainingData data = training_rows(groups, options.train, options.fit.seed);
  const std::shared_ptr<parametric::Model> model =
      options.prior == "library" ? fit_with_library(data, settings) : fit_form(data, settings, law);
  const AssessedFit assessed = assess_fit(*model, data, settings);
  if (!options.residual) return finish(assessed, nullptr, data, options, curves);
  const residual::CorrectedModel corrected = residual::correct(model, data, settings);
  return finish(assessed, &corrected, data, options, curves);
}

}  // namespace

Run fit_verb(Arguments& args) {
  const auto options = std::make_shared<FitOptions>();
  options->data.declare(args);
  args.text("-o,--output", options->output, "MODEL",
            "model file to write; - writes to standard output [none]");
  args.writes();
  options->plot.declare(args, "plot measured against predicted values, and residuals by layout");
  declare_format(args, options->format);
  args.choice(
      "--form", options->form, {"law", "power-time"},
      "formula to fit: the energy law, or power times time, which uses specifications of the GPU and model");
  args.choice("--target", options->target, {"energy", "time", "both"}, "quantity to fit");
  args.choice("--prior", options->prior, {"general", "library"},
              "prior of the parameters: wide (general), or from similar systems (library)");
  args.flag("--residual", options->residual, "also fit a Gaussian process to the energy residuals");
  args.flag("--pool", options->fit.pool,
            "fit all groups (model, GPU, engine, precision) jointly with partial pooling");
  args.whole("--train", options->train, kCount, "fit to N random rows of each group [all]");
  args.seed("--seed", options->fit.seed, "random seed");
  args.whole("--starts", options->fit.starts, {.min = 1, .max = 10000, .whole = true},
             "number of starting points of the optimiser");
  args.whole(
      "--bootstrap", options->fit.bootstrap, {.min = 0, .max = 100000, .whole = true},
      "number of bootstrap replicates for the intervals; 0 computes them from the parameter covariance [0]");
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens fit measurements.csv --where gpu=H100-80GB-SXM -o model.json");
  return [options] { return fit(*options); };
}

}  // namespace energylens::cli
