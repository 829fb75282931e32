// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <variant>

#include "cli/console.hpp"
#include "cli/evaluate/flags.hpp"
#include "cli/evaluate/no_figures.hpp"
#include "cli/evaluate/plot.hpp"
#include "cli/flags.hpp"
#include "cli/power_limits.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "energylens/eval/evaluate.hpp"
#include "energylens/predictor/file.hpp"
#include "parametric/structure_model.hpp"

namespace energylens::cli {
namespace {

struct EvaluateOptions {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  EvaluateFlags evaluate;
  PlotFlag plot;
  std::string format = "table";
};

/// The predictors that are named, and those that are compared.
std::vector<registry::Kind> kinds_of(std::vector<std::string> names,
                                     const eval::EvaluationOptions& settings) {
  const std::span<const registry::Kind> all = registry::kinds();
  const bool every = names.empty();
  for (const auto& [first, second] : settings.compare) names.insert(names.end(), {first, second});
  std::vector<registry::Kind> kinds;
  if (every) kinds.assign(all.begin(), all.end());
  for (const std::string& name : names) {
    const registry::Kind& kind = registry::find_kind(name);
    if (std::ranges::find(kinds, kind.name, &registry::Kind::name) == kinds.end()) kinds.push_back(kind);
  }
  return kinds;
}

std::vector<table::Group> groups_where(const table::Table& table, const std::vector<std::string>& texts) {
  std::vector<table::Condition> conditions;
  for (const std::string& text : texts) conditions.push_back(table::parse_condition(text));
  std::vector<std::string> warnings;
  std::vector<table::Group> groups = table::groups(table::where(table, conditions), &warnings);
  warn(warnings);
  return groups;
}

/// The sources, then the targets. A group on both sides would be tested on its training rows.
std::vector<table::Group> transfer_groups(const EvaluateOptions& options, std::size_t& sources) {
  const table::Table table = options.data.read();
  std::vector<table::Group> groups = groups_where(table, options.evaluate.source);
  std::vector<table::Group> targets = groups_where(table, options.evaluate.target);
  sources = groups.size();
  for (const table::Group& target : targets) {
    const auto same = [&](const table::Group& group) { return group.identity.key == target.identity.key; };
    if (std::ranges::any_of(groups, same))
      throw Error::usage(target.identity.text() + " is both a source and a target");
  }
  std::ranges::move(targets, std::back_inserter(groups));
  return groups;
}

std::string printed(const eval::Report& report, const std::string& format) {
  if (format == "json") return io::print_json(eval::to_json(report)) + '\n';
  return format == "csv" ? eval::to_csv(report) : eval::to_table_text(report);
}

/// A reader takes the figures for those of N training rows, so a group with fewer rows is reported.
void warn_of_fewer_rows(const eval::Report& report) {
  const std::size_t wanted = report.train.value_or(0);
  const eval::GroupReport* least = nullptr;
  std::size_t fewer = 0;
  for (const eval::GroupReport& group : report.groups) {
    if (group.train_used == 0 || group.train_used >= wanted) continue;  // 0: not tested
    ++fewer;
    if (least == nullptr || group.train_used < least->train_used) least = &group;
  }
  if (least == nullptr) return;
  warn("--train " + std::to_string(wanted) + ": " + least->identity.text() + " has only " +
       std::to_string(least->train_used) + " training rows" +
       (fewer > 1 ? ", and " + std::to_string(fewer - 1) + " more groups have fewer than requested" : ""));
}

std::optional<predictor::Structures> structures_of(const std::string& file) {
  if (file.empty()) return std::nullopt;
  const io::Json json = io::parse_json(read_file(file), file);
  const bool corrected = predictor::file_kind(json) == "discovered:power-time+residual";
  return parametric::StructureModel::from_json(corrected ? json.at("formula") : json).content().structures;
}

int evaluate(const EvaluateOptions& options) {
  options.plot.check();
  eval::EvaluationOptions settings = options.evaluate.options();
  const std::vector<registry::Kind> kinds = kinds_of(options.evaluate.predictors, settings);
  auto* const transfer = std::get_if<eval::TransferOptions>(&settings.protocol);
  const hardware::Catalogue catalogue = options.system.open();
  std::vector<table::Group> groups =
      transfer ? transfer_groups(options, transfer->sources) : options.data.read_groups();
  if (options.evaluate.join_power_limits) groups = join_power_limits(std::move(groups), catalogue);
  options.system.apply(settings.fit);
  options.system.warn_of_stated_capacities(groups);
  settings.fit.catalogue = &catalogue;
  const std::optional<predictor::Structures> structures = structures_of(options.evaluate.structure);
  if (structures) settings.fit.structures = &*structures;
  settings.run = options.run.options("evaluate");
  const eval::Report report = eval::evaluate(groups, kinds, settings);
  if (report.cancelled) warn("stopped early; the results are incomplete");
  const bool nothing = !report.cancelled && !has_figures(report);
  if (!report.cancelled && !nothing) warn_of_no_choice(report);
  if (options.evaluate.train_given()) warn_of_fewer_rows(report);
  print(printed(report, options.format));
  if (nothing) {
    report_error("nothing was evaluated: " + why_no_figures(report, groups));
    return kUsage;
  }
  if (options.plot.given()) options.plot.write(evaluation_chart(report));
  return kOk;
}

}  // namespace

Run evaluate_verb(Arguments& args) {
  const auto options = std::make_shared<EvaluateOptions>();
  options->data.declare(args);
  options->evaluate.declare(args);
  options->plot.declare(args, "plot regret (extra energy of the choices) and errors");
  declare_format(args, options->format);
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens evaluate data.csv --same-gpus --train 50 --seeds 20 --predictors law,majority");
  args.example("energylens evaluate data.csv --blocked batch --compare law,xgboost+waves");
  args.example("energylens evaluate data.csv --protocol learning-curve --train-sizes 10,50,200");
  args.example("energylens evaluate data.csv --protocol extrapolate --axis batch --cut 32");
  args.example("energylens evaluate data.csv --protocol limited --pool --min-layouts 2 --latency predicted");
  args.example(
      "energylens evaluate data.csv --protocol transfer --source gpu=RTX4090 --target gpu=H800-80GB");
  return [options] { return evaluate(*options); };
}

}  // namespace energylens::cli
