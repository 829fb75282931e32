// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "powercap/file.hpp"
#include "powercap/study.hpp"

namespace energylens::cli {
namespace {

using io::Json;

struct PowerCapOptions {
  DataFlags data;
  SystemFlags system;
  std::string format = "table";
};

Json curves_json(const std::vector<powercap::GpuCurve>& curves) {
  Json out = Json::array();
  for (const powercap::GpuCurve& one : curves) {
    Json json = powercap::curve_json(one);
    json["gpu"] = one.gpu;
    out.push_back(std::move(json));
  }
  return out;
}

Json study_json(const std::vector<powercap::StudyResult>& results) {
  Json out = Json::array();
  for (const powercap::StudyResult& one : results) {
    out.push_back(Json::object({{"gpu", one.gpu.empty() ? Json() : Json(one.gpu)},
                                {"models", one.models},
                                {"sweeps", one.sweeps},
                                {"points", one.points},
                                {"energy_median_ape", one.energy_median},
                                {"energy_p90_ape", one.energy_p90},
                                {"time_median_ape", one.time_median},
                                {"time_p90_ape", one.time_p90},
                                {"best_cap_within_one_step", one.best_within_one_step},
                                {"best_cap_regret", one.best_regret},
                                {"two_caps_energy_median_ape", one.two_caps_median},
                                {"prior_energy_median_ape", one.prior_median}}));
  }
  return out;
}

std::string curves_text(const std::vector<powercap::GpuCurve>& curves) {
  TextTable text("lrrrrrr", {"GPU", "loads", "points", "static W", "knee", "exponent", "power / cap"});
  for (const powercap::GpuCurve& one : curves) {
    const powercap::Curve& c = one.curve;
    text.add({one.gpu, std::to_string(one.sweeps), std::to_string(one.points), rounded_text(c.static_w),
              rounded_text(c.knee), rounded_text(c.exponent), rounded_text(c.cap_use)});
  }
  return text.text();
}

std::string study_text(const std::vector<powercap::StudyResult>& results) {
  if (results.empty()) return {};
  TextTable text("lrrrrrrr", {"models left out", "models", "energy error", "90 %", "time error",
                              "best cap within one step", "from two caps", "prior alone"});
  for (const powercap::StudyResult& one : results) {
    text.add({one.gpu.empty() ? "all" : one.gpu, std::to_string(one.models), percent_text(one.energy_median),
              percent_text(one.energy_p90), percent_text(one.time_median),
              percent_text(one.best_within_one_step), percent_text(one.two_caps_median),
              percent_text(one.prior_median)});
  }
  return '\n' + text.text();
}

int power_caps(const PowerCapOptions& options) {
  const std::vector<table::Group> groups = options.data.read_groups();
  const std::vector<powercap::Sweep> sweeps = powercap::sweeps(groups);
  if (sweeps.empty()) {
    throw Error::bad_input({options.data.files.front(), 0, "power_limit_w"},
                           "no load was measured at several power limits");
  }
  const hardware::Catalogue catalogue = options.system.open();
  const std::vector<powercap::GpuCurve> curves = powercap::fit_curves(sweeps, catalogue);
  const std::vector<powercap::StudyResult> results = powercap::study(sweeps, catalogue);
  if (options.format == "csv") print(csv_text(study_json(results)));
  if (options.format == "table") print(curves_text(curves) + study_text(results));
  if (options.format == "json") {
    print(io::print_json(
              Json::object({{"curves", curves_json(curves)}, {"models_left_out", study_json(results)}})) +
          '\n');
  }
  return kOk;
}

}  // namespace

Run power_caps_verb(Arguments& args) {
  const auto options = std::make_shared<PowerCapOptions>();
  options->data.declare(args);
  args.text("--catalogue", options->system.catalogue_file, "FILE",
            "file with additional GPUs and models (JSON)");
  args.reads();
  declare_format(args, options->format);
  args.example("energylens power-caps measurements.csv --format json");
  return [options] { return power_caps(*options); };
}

}  // namespace energylens::cli
