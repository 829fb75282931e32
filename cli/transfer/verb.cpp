// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/power_limits.hpp"
#include "cli/transfer/report.hpp"
#include "cli/transfer/target.hpp"
#include "cli/verb.hpp"
#include "core/file.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/assess.hpp"
#include "energylens/parametric/transfer.hpp"

namespace energylens::cli {
namespace {

struct TransferOptions {
  std::string model, format = "table", output;
  DataFlags data;
  std::vector<std::string> to, from;
  SystemFlags system;
  FigureFlags figures;
  RunFlags run;
  predictor::FitOptions fit;
};

std::vector<table::GroupIdentity> chosen(std::span<const table::GroupIdentity> groups,
                                         const std::vector<std::size_t>& which) {
  std::vector<table::GroupIdentity> out;
  for (const std::size_t index : which) out.push_back(groups[index]);
  return out;
}

/// Without DATA, --where selects groups of the model, as in other verbs.
std::vector<std::string> source_conditions(const TransferOptions& options) {
  std::vector<std::string> all = options.from;
  if (options.data.files.empty()) all.insert(all.end(), options.data.where.begin(), options.data.where.end());
  return all;
}

std::string printed(const Moved& moved, const TransferOptions& options) {
  if (options.format == "csv") return csv_text(transfer_report_rows(moved));
  if (options.format == "table") return transfer_report_text(moved);
  io::Json json = transfer_report_json(moved);
  json["question"] = io::Json::object(
      {{"to", io::Json::array_of(options.to)}, {"from", io::Json::array_of(source_conditions(options))}});
  json["model"] = io::Json::object({{"file", options.model}});
  return io::print_json(json) + '\n';
}

void warn_of_unknown(const parametric::GroupLaw& law) {
  const std::optional<parametric::LawFit>& fit = law.energy ? law.energy : law.time;
  if (!fit || !fit->prior) return;
  for (const parametric::PriorSource& source : fit->prior->sources) {
    for (const std::string& figure : source.unknown) {
      warn("the " + figure + " of " + law.identity.text() + " or " + source.group +
           " is unknown; assuming they are equal, with a wider prior");
    }
  }
}

/// A bad fit is a bad source.
void warn_of_sources(const parametric::LawModel& model, const std::vector<std::size_t>& sources) {
  for (const std::size_t source : sources) {
    const std::optional<predictor::Verdict>& verdict = model.laws()[source].verdict;
    if (verdict && verdict->grade == predictor::Grade::do_not_use)
      warn("source " + model.laws()[source].identity.text() +
           ": verdict: " + predictor::verdict_text(*verdict));
  }
}

int transfer(const TransferOptions& options) {
  const parametric::LawModel model = parametric::LawModel::from_json(read_file(options.model), options.model);
  const hardware::Catalogue catalogue = options.system.open();
  const std::vector<std::size_t> sources = select_groups(model.groups(), source_conditions(options));
  const std::vector<table::GroupIdentity> identities = chosen(model.groups(), sources);
  const table::GroupIdentity identity = target_identity(identities, options.to, catalogue);
  check_modelled(identity, identities, options.to, !options.data.files.empty());
  const predictor::Facts facts =
      target_facts(identity, identities, options.system, options.figures, catalogue);
  const table::Group group =
      target_group(identity,
                   options.data.files.empty() ? std::vector<table::Group>{}
                                              : join_power_limits(options.data.read_groups(), catalogue),
                   catalogue);

  predictor::FitOptions settings = options.fit;
  options.system.apply(settings);
  settings.catalogue = &catalogue;
  settings.run = options.run.options("transfer");
  parametric::LawModel moved = parametric::transfer(model, sources, {group, facts}, settings);
  if (interrupted().cancelled()) throw Error::cancelled();
  const predictor::Verdict verdict =
      parametric::assess(moved, 0, predictor::all_rows(std::span(&group, 1)).front(), settings).verdict;
  moved.set_verdict(0, verdict);
  warn_of_sources(model, sources);
  if (verdict.grade == predictor::Grade::do_not_use) warn("verdict: " + predictor::verdict_text(verdict));
  for (const std::string& warning : moved.laws().front().warnings) warn(warning);
  warn_of_unknown(moved.laws().front());
  if (!options.output.empty()) write_file(options.output, moved.to_json());
  if (options.output == "-") return kOk;
  Moved report{moved, {}, catalogue};
  for (const std::size_t source : sources) report.sources.push_back(&model.laws()[source]);
  print(printed(report, options));
  return kOk;
}

}  // namespace

Run transfer_verb(Arguments& args) {
  const auto options = std::make_shared<TransferOptions>();
  args.positional("MODEL", options->model, "model file written by fit");
  args.reads();
  args.positionals("DATA", options->data.files,
                   "measured rows of the target (CSV), if any; - reads standard input", false);
  args.reads();
  args.repeated(
      "--to", options->to, "COL=VALUE",
      "property in which the target differs from the source, such as gpu=NAME, model=NAME or quant=NAME; may be repeated");
  args.repeated("--from", options->from, "COL=VALUE",
                "use only matching groups of MODEL as sources; may be repeated [all]");
  args.repeated("--where", options->data.where, "COL=VALUE",
                "use only matching rows of DATA; may be repeated; without DATA, the same as --from");
  args.text("-o,--output", options->output, "NEW_MODEL",
            "model file to write; - writes to standard output [none]");
  args.writes();
  declare_format(args, options->format);
  args.seed("--seed", options->fit.seed, "random seed");
  args.whole("--starts", options->fit.starts, {.min = 1, .max = 10000, .whole = true},
             "number of starting points of the optimiser");
  options->figures.declare(args);
  options->system.declare_facts(args);
  options->system.declare_catalogue(args);
  options->run.declare(args);
  args.example("energylens transfer model.json --to gpu=H100-80GB-SXM -o h100.json");
  args.example(
      "energylens transfer model.json ten_rows.csv --to gpu=H100-80GB-SXM --to quant=FP8 -o h100.json");
  return [options] { return transfer(*options); };
}

}  // namespace energylens::cli
