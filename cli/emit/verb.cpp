// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include "cli/asked_model.hpp"
#include "cli/console.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "emit/targets.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/model.hpp"

namespace energylens::cli {
namespace {

struct EmitOptions {
  std::string model, target, output, layout = "tp1", metric = "both";
  std::vector<std::string> where;
};

/// The closed form that is all of the model.
const parametric::Model& whole_form(const AskedModel& model) {
  const auto* const form = dynamic_cast<const parametric::Model*>(model.predictor.get());
  if (form) return *form;
  throw Error::usage("the corrections of \"" + std::string(model.predictor->kind()) +
                     "\" cannot be written as a formula; fit the same rows without --residual");
}

emit::Subject subject_of(const EmitOptions& options, const AskedModel& model) {
  const parametric::Model& form = whole_form(model);
  emit::Subject subject{{}, "energylens " ENERGYLENS_VERSION, table::parse_layout(options.layout)};
  for (const predictor::Metric metric : predictor::kMetrics) {
    if (options.metric != "both" && options.metric != predictor::metric_text(metric)) continue;
    if (form.fit(model.group, metric))
      subject.calculations.push_back(calculation::calculation_of(form, model.group, metric));
  }
  if (subject.calculations.empty()) throw Error::usage("the model has no fit of " + options.metric);
  return subject;
}

int emit_file(const EmitOptions& options) {
  const emit::Target& target = emit::find_target(options.target);
  if (!target.text && options.output.empty())
    throw Error::usage("--to " + options.target + " requires -o FILE");
  const AskedModel model = load_asked_model(options.model, options.where);
  const std::string content = target.write(subject_of(options, model));
  model.warn_of_verdict();
  if (options.output.empty()) {
    print(content);
  } else {
    write_file(options.output, content);
  }
  return kOk;
}

std::vector<std::string> target_names() {
  std::vector<std::string> out;
  for (const emit::Target& one : emit::targets()) out.emplace_back(one.name);
  return out;
}

}  // namespace

Run emit_verb(Arguments& args) {
  const auto options = std::make_shared<EmitOptions>();
  args.positional("MODEL", options->model, "model file written by fit or discover");
  args.reads();
  args.choice("--to", options->target, target_names(), "language to write");
  args.text("-o,--output", options->output, "FILE", "file to write [standard output]");
  args.writes();
  args.choice("--metric", options->metric, {"both", "energy", "time"}, "what to compute");
  args.text("--layout", options->layout, "LAYOUT", "layout of the deployment that promql and grafana watch");
  args.repeated("--where", options->where, "COL=VALUE",
                "group to use, if the model contains several; may be repeated");
  args.example("energylens emit model.json --to python -o energy.py");
  return [options] {
    if (options->target.empty()) throw Error::usage("--to is required");
    return emit_file(*options);
  };
}

}  // namespace energylens::cli
