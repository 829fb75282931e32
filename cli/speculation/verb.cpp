// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "speculation/study.hpp"

namespace energylens::cli {
namespace {

using io::Json;

struct SpeculationOptions {
  DataFlags data;
  SystemFlags system;
  RunFlags run;
  double drafted_per_step = 3;
  std::string format = "table";
};

Json errors_json(const speculation::Errors& errors) {
  return Json::object({{"from", errors.from},
                       {"to", errors.to},
                       {"pairs", errors.pairs},
                       {"measured_ratio", errors.measured_ratio},
                       {"pairs_left_out_median_ape", errors.pairs_left_out},
                       {"groups_left_out_median_ape", errors.groups_left_out}});
}

Json groups_json(const speculation::StudyResult& result) {
  Json out = Json::array();
  for (const speculation::Acceptance& one : result.groups) {
    Json json = errors_json(one.errors);
    json["group"] = one.group;
    json["workload"] = one.workload;
    json["accepted_per_step"] = one.accepted_per_step;
    out.push_back(std::move(json));
  }
  return out;
}

Json result_json(const speculation::StudyResult& result) {
  Json by_requests = Json::array();
  for (const speculation::Errors& errors : result.by_requests) by_requests.push_back(errors_json(errors));
  return Json::object({{"drafted_per_step", result.drafted_per_step},
                       {"accepted_per_step", result.accepted_per_step},
                       {"groups", groups_json(result)},
                       {"by_requests", std::move(by_requests)}});
}

std::vector<std::string> error_cells(const speculation::Errors& errors) {
  return {std::to_string(errors.pairs), rounded_text(errors.measured_ratio),
          percent_text(errors.pairs_left_out), percent_text(errors.groups_left_out)};
}

std::string result_text(const speculation::StudyResult& result) {
  TextTable groups("lrrrrr",
                   {"group", "accepted", "pairs", "energy ratio", "pairs left out", "groups left out"});
  for (const speculation::Acceptance& one : result.groups) {
    std::vector<std::string> cells{one.group, rounded_text(one.accepted_per_step)};
    for (std::string& cell : error_cells(one.errors)) cells.push_back(std::move(cell));
    groups.add(cells);
  }
  TextTable loads("lrrrr", {"requests", "pairs", "energy ratio", "pairs left out", "groups left out"});
  for (const speculation::Errors& errors : result.by_requests) {
    const bool all = &errors == &result.by_requests.back();
    std::vector<std::string> cells{
        all ? "all" : fmt::format("{} to {}", rounded_text(errors.from), rounded_text(errors.to))};
    for (std::string& cell : error_cells(errors)) cells.push_back(std::move(cell));
    loads.add(cells);
  }
  return fmt::format("{}\n{}\nall groups together: {} tokens accepted per step, of {} drafted and one\n",
                     groups.text(), loads.text(), rounded_text(result.accepted_per_step),
                     rounded_text(result.drafted_per_step));
}

int speculation(const SpeculationOptions& options) {
  const std::vector<table::Group> groups = options.data.read_groups();
  const hardware::Catalogue catalogue = options.system.open();
  predictor::FitOptions fit;
  options.system.apply(fit);
  fit.catalogue = &catalogue;
  fit.run = options.run.options("pairs");
  const speculation::StudyResult result = speculation::study(groups, options.drafted_per_step, fit);
  if (result.groups.empty()) {
    throw Error::bad_input(
        {options.data.files.front(), 0, "workload"},
        "no two groups differ in speculative decoding alone (\"mtp\" or \"eagle\" in workload)");
  }
  if (options.format == "csv") print(csv_text(groups_json(result)));
  if (options.format == "table") print(result_text(result));
  if (options.format == "json") print(io::print_json(result_json(result)) + '\n');
  return kOk;
}

}  // namespace

Run speculation_verb(Arguments& args) {
  const auto options = std::make_shared<SpeculationOptions>();
  options->data.declare(args);
  args.number("--drafted-per-step", options->drafted_per_step, {.min = 1},
              "tokens drafted per decode step [3]");
  options->system.declare_catalogue(args);
  declare_format(args, options->format);
  options->run.declare(args);
  args.example("energylens speculation measurements.csv --format json");
  return [options] { return speculation(*options); };
}

}  // namespace energylens::cli
