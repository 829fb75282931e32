// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/console.hpp"
#include "cli/flags.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "core/rounded_text.hpp"

namespace energylens::cli {
namespace {

using io::Json;

struct CatalogueOptions {
  SystemFlags system;
  std::string what = "all", format = "table";
};

Json gpu_json(const hardware::Gpu& gpu) {
  Json peaks = Json::object();
  for (const auto& [type, figure] : gpu.peak_flops) peaks[type] = figure.value;
  return Json::object({{"name", gpu.name},
                       {"aliases", Json::array_of(gpu.aliases)},
                       {"vendor", gpu.vendor},
                       {"memory_bytes", gpu.memory_bytes.value},
                       {"bandwidth_bytes_s", gpu.bandwidth_bytes_s.value},
                       {"tdp_w", gpu.tdp_w.value},
                       {"idle_w", gpu.idle_w.value},
                       {"link_bytes_s", gpu.link_bytes_s.value},
                       {"gpus_per_node", gpu.gpus_per_node.value},
                       {"peak_flops", std::move(peaks)}});
}

Json model_json(const hardware::Model& model) {
  return Json::object({{"name", model.name},
                       {"aliases", Json::array_of(model.aliases)},
                       {"arch", model.arch},
                       {"params", model.params.value},
                       {"active_params", model.active_params.value},
                       {"layers", model.layers.value},
                       {"experts", model.experts.value},
                       {"experts_per_token", model.experts_per_token.value}});
}

std::string in(double value, double unit) {
  return known(value) ? rounded_text(value / unit) : "-";
}

std::string gpus_text(const std::vector<hardware::Gpu>& gpus) {
  TextTable text("llrrrrl",
                 {"GPU", "vendor", "memory GB", "bandwidth GB/s", "TDP W", "idle W", "number formats"});
  for (const hardware::Gpu& gpu : gpus) {
    std::string types;
    for (const auto& [type, figure] : gpu.peak_flops) types += (types.empty() ? "" : " ") + type;
    text.add({gpu.name, gpu.vendor, in(gpu.memory_bytes.value, 1e9), in(gpu.bandwidth_bytes_s.value, 1e9),
              in(gpu.tdp_w.value, 1), in(gpu.idle_w.value, 1), types});
  }
  return text.text();
}

std::string models_text(const std::vector<hardware::Model>& models) {
  TextTable text("llrr", {"model", "architecture", "parameters (1e9)", "active (1e9)"});
  for (const hardware::Model& model : models)
    text.add({model.name, model.arch, in(model.params.value, 1e9), in(model.active_params.value, 1e9)});
  return text.text();
}

std::string csv(const hardware::Catalogue& catalogue, bool gpus) {
  Json rows = Json::array();
  const auto add = [&rows](const Json& entry) {
    Json row = Json::object();
    for (const Json::Member& member : entry.members()) {
      if (!member.value.is_array() && !member.value.is_object()) row[member.name] = member.value;
    }
    rows.push_back(std::move(row));
  };
  for (const hardware::Gpu& gpu : catalogue.gpus()) {
    if (gpus) add(gpu_json(gpu));
  }
  for (const hardware::Model& model : catalogue.models()) {
    if (!gpus) add(model_json(model));
  }
  return csv_text(rows);
}

std::string printed(const hardware::Catalogue& catalogue, const CatalogueOptions& options) {
  const bool gpus = options.what != "models", models = options.what != "gpus";
  if (options.format == "table") {
    return (gpus ? gpus_text(catalogue.gpus()) : "") + (gpus && models ? "\n" : "") +
           (models ? models_text(catalogue.models()) : "");
  }
  Json json = Json::object();
  if (gpus) json["gpus"] = Json::array();
  if (models) json["models"] = Json::array();
  for (const hardware::Gpu& gpu : catalogue.gpus()) {
    if (gpus) json["gpus"].push_back(gpu_json(gpu));
  }
  for (const hardware::Model& model : catalogue.models()) {
    if (models) json["models"].push_back(model_json(model));
  }
  return io::print_json(json) + '\n';
}

int list(const CatalogueOptions& options) {
  if (options.format == "csv" && options.what == "all")
    throw Error::usage("--format csv requires --only gpus or --only models");
  const hardware::Catalogue catalogue = options.system.open();
  print(options.format == "csv" ? csv(catalogue, options.what == "gpus") : printed(catalogue, options));
  return kOk;
}

}  // namespace

Run catalogue_verb(Arguments& args) {
  const auto options = std::make_shared<CatalogueOptions>();
  args.choice("--only", options->what, {"all", "gpus", "models"}, "entries to list");
  args.text("--catalogue", options->system.catalogue_file, "FILE",
            "file with additional GPUs and models (JSON)");
  args.reads();
  declare_format(args, options->format);
  args.example("energylens catalogue --only gpus --format csv");
  return [options] { return list(*options); };
}

}  // namespace energylens::cli
