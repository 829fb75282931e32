// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "../console.hpp"
#include "../flags.hpp"
#include "../verb.hpp"
#include "energylens/eval/evaluate.hpp"

namespace energylens::cli {
namespace {

struct Options {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  eval::Options eval;
  std::string protocol = "selection", unit = "row", format = "table";
  std::vector<std::string> predictors;
  int train = 50;
};

std::vector<predictors::Kind> kinds_of(const std::vector<std::string>& names) {
  const std::span<const predictors::Kind> all = predictors::kinds();
  if (names.empty()) return {all.begin(), all.end()};
  std::vector<predictors::Kind> kinds;
  for (const std::string& name : names) kinds.push_back(predictors::find_kind(name));
  return kinds;
}

std::string printed(const eval::Report& report, const std::string& format) {
  if (format == "json") return wire::print_json(eval::to_json(report)) + '\n';
  return format == "csv" ? eval::to_csv(report) : eval::to_table_text(report);
}

int evaluate(const Options& options) {
  const std::vector<predictors::Kind> kinds = kinds_of(options.predictors);
  const std::vector<table::Group> groups = options.data.read_groups();
  const hardware::Catalogue catalogue = options.system.open();
  eval::Options settings = options.eval;
  settings.protocol = options.protocol == "loo" ? eval::Protocol::loo : eval::Protocol::selection;
  settings.unit = options.unit == "scenario" ? eval::Unit::scenario : eval::Unit::row;
  settings.train = static_cast<std::size_t>(options.train);
  settings.fit.kv_capacity_tokens = options.system.kv_capacity_tokens;
  settings.fit.catalogue = &catalogue;
  settings.run = options.run.options("evaluate");
  const eval::Report report = eval::evaluate(groups, kinds, settings);
  if (report.cancelled) warn("stopped early: the figures are of what was done");
  print(printed(report, options.format));
  return kOk;
}

}  // namespace

Run evaluate_verb(Arguments& args) {
  const auto options = std::make_shared<Options>();
  options->data.declare(args);
  args.choice("--protocol", options->protocol, {"selection", "loo"}, "hold out scenarios, or leave one out");
  args.choice("--unit", options->unit, {"row", "scenario"}, "what loo leaves out");
  args.flag("--same-gpus", options->eval.same_gpus, "candidates of equal GPU count only");
  args.flag("--pool", options->eval.fit.pool, "fit all groups together (partial pooling)");
  args.whole("--train", options->train, kCount, "rows of each group to train on (selection)");
  args.whole("--seeds", options->eval.seeds, {.min = 1, .max = 100000, .whole = true}, "samples (selection)");
  args.words("--predictors", options->predictors, "A,B,...", "which ones; all if not given");
  args.whole("--starts", options->eval.fit.starts, {.min = 1, .max = 10000, .whole = true},
             "starting points of each fit");
  declare_format(args, options->format);
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example(
      "energylens evaluate measurements.csv --same-gpus --train 50 --seeds 20 --predictors law,majority");
  return [options] { return evaluate(*options); };
}

}  // namespace energylens::cli
