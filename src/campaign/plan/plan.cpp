// SPDX-License-Identifier: Apache-2.0
// The settings of a plan, its deployments, its JSON, and whether it can run. plan_json.cpp and plan_csv.cpp read
// plans. Held by plan_test.cpp.
#include "campaign/plan.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "campaign/serving/command.hpp"
#include "energylens/core/number_text.hpp"
#include "http/client.hpp"

namespace energylens::campaign {
namespace {

constexpr double kHour = 3600;

// clang-format off: one line per setting
constexpr std::array kSettings = {
    SettingInfo{"repeats", &Settings::repeats, 1, 10000, "minimum number of rows per configuration"},
    SettingInfo{"max_repeats", &Settings::max_repeats, 1, 10000, "maximum number of rows per configuration",
                WhenResumed::not_less},
    SettingInfo{
        "width", &Settings::width, 0, 10,
        "repeat until the 95 % interval of the mean energy is within this fraction of the mean; 0 stops after `repeats`"},
    SettingInfo{"warmup", &Settings::warmup, 0, 1000, "warm-up jobs before each measurement"},
    SettingInfo{"settle_s", &Settings::settle_s, 0, kHour,
                "maximum warm-up: stop once two consecutive jobs take the same time (s)"},
    SettingInfo{
        "settle_slope", &Settings::settle_slope, 0, 1000,
        "warm up until the temperature changes more slowly than this (degrees Celsius per minute); 0 ignores it"},
    SettingInfo{"settle_over_s", &Settings::settle_over_s, 0.1, kHour,
                "time over which the temperature change is measured (s)"},
    SettingInfo{"settle_limit_s", &Settings::settle_limit_s, 0, kHour,
                "maximum wait for a stable temperature (s)", WhenResumed::anything},
    SettingInfo{"idle_s", &Settings::idle_s, 0, kHour,
                "measure the idle power of the loaded server for this long (s)"},
    SettingInfo{"window_s", &Settings::window_s, 0, kHour,
                "repeat short jobs until a measurement lasts this long (s)"},
    SettingInfo{"rounds", &Settings::rounds, 1, 1000,
                "restart each server this many times and spread the repeats over the restarts"},
    SettingInfo{"max_failures", &Settings::max_failures, 1, 1000,
                "give up on a configuration after this many invalid measurements", WhenResumed::anything},
    SettingInfo{"ready_timeout_s", &Settings::ready_timeout_s, 0.1, 24 * kHour,
                "maximum wait for a server to become ready (s)", WhenResumed::anything},
    SettingInfo{"request_timeout_s", &Settings::request_timeout_s, 0.1, 24 * kHour,
                "maximum duration of a request (s)", WhenResumed::anything},
    SettingInfo{"stop_timeout_s", &Settings::stop_timeout_s, 0, kHour,
                "time after which a server that does not stop is killed (s)", WhenResumed::anything},
    SettingInfo{"vocabulary", &Settings::vocabulary, 200, 10000000,
                "random prompts use token IDs from 100 to N"},
};
// clang-format on

io::Json target_json(const Target& target) {
  io::Json json = io::Json::object();
  if (!target.deployment.model.empty()) json["model"] = target.deployment.model;
  if (!target.deployment.quant.empty()) json["quant"] = target.deployment.quant;
  json["layout"] = table::layout_text(target.deployment.layout);
  json["row_kind"] = target.load.kind == table::RowKind::job ? "job" : "steady";
  json["batch"] = target.load.batch;
  json["isl"] = target.load.isl;
  json["osl"] = target.load.osl;
  if (known(target.load.image_tokens)) json["image_tokens"] = target.load.image_tokens;
  if (known(target.expected_s)) json["expected_s"] = target.expected_s;
  return json;
}

/// Runs a check, and adds the place in the file to its error; there is no place if a flag states the value.
template <class Check>
void placed(const Place& place, const Check& check) {
  try {
    check();
  } catch (const Error& error) {
    if (place.file.empty()) throw;
    throw Error::bad_input(place, error.message());
  }
}

/// "2 layouts and 3 models"
std::string variety_text(const Plan& plan) {
  std::set<std::string> layouts, models, quants;
  for (const Deployment& deployment : plan.deployments()) {
    layouts.insert(table::layout_text(deployment.layout));
    models.insert(deployment.model);
    quants.insert(deployment.quant);
  }
  std::string text;
  for (const auto& [what, count] : {std::pair{" layouts", layouts.size()},
                                    {" models", models.size()},
                                    {" quantisations", quants.size()}}) {
    if (count > 1) text += (text.empty() ? "" : " and ") + std::to_string(count) + what;
  }
  return text;
}

void refuse_several_deployments(const Plan& plan) {
  if (plan.deployments().size() < 2) return;
  placed(plan.url_place, [&] {
    throw Error::usage("a running server is one deployment, but the plan has " + variety_text(plan) +
                       "; add --serve-cmd, or write a plan for each server");
  });
}

void check_command(const Plan& plan) {
  check_placeholders(plan.serve_cmd);
  if (split_words(plan.serve_cmd).empty()) throw Error::usage("the server command is empty");
  if (plan.driver == "http" && plan.url.empty() && plan.serve_cmd.find("{port}") == std::string::npos)
    throw Error::usage("the server command contains no {port}; add it, or --url");
}

}  // namespace

std::span<const SettingInfo> setting_infos() {
  return kSettings;
}

std::string target_text(const Target& target) {
  std::string text;
  for (const std::string& word : {target.deployment.model, target.deployment.quant}) {
    if (!word.empty()) text += word + ' ';
  }
  text += table::layout_text(target.deployment.layout);
  text += target.load.kind == table::RowKind::job ? " batch " : " in flight ";
  text += number_text(target.load.batch) + " isl " + number_text(target.load.isl) + " osl " +
          number_text(target.load.osl);
  if (known(target.load.image_tokens)) text += " image_tokens " + number_text(target.load.image_tokens);
  return text;
}

std::vector<std::size_t> Plan::deployment_of_target() const {
  std::map<Deployment, std::size_t> known_ones;
  std::vector<std::size_t> positions;
  for (const Target& target : targets) {
    positions.push_back(known_ones.emplace(target.deployment, known_ones.size()).first->second);
  }
  return positions;
}

std::vector<Deployment> Plan::deployments() const {
  std::vector<Deployment> all;
  const std::vector<std::size_t> positions = deployment_of_target();
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (positions[i] == all.size()) all.push_back(targets[i].deployment);
  }
  return all;
}

io::Json plan_json(const Plan& plan) {
  io::Json json = io::Json::object({{"format", "energylens-plan"}, {"version", 1}});
  if (!plan.id.empty()) json["id"] = plan.id;
  json["identity"] = io::Json::object();
  for (const auto& [column, text] : plan.identity) json["identity"][column] = text;
  json["driver"] = plan.driver;
  for (const auto& [name, value] : {std::pair<const char*, const std::string*>{"serve_cmd", &plan.serve_cmd},
                                    {"url", &plan.url},
                                    {"served_model", &plan.served_model}}) {
    if (!value->empty()) json[name] = *value;
  }
  json["api"] = plan.api;
  json["prompt"] = plan.prompt;
  json["prefill"] = plan.prefill;
  if (!plan.images.empty()) json["images"] = io::Json::array_of(plan.images);
  if (const MadeImages& made = plan.made_images; made.count > 0)
    json["images"] =
        io::Json::object({{"count", made.count}, {"width", made.width}, {"height", made.height}});
  for (const SettingInfo& info : kSettings) {
    std::visit([&](auto member) { json[info.name] = plan.settings.*member; }, info.member);
  }
  json["seed"] = plan.seed;
  json["configurations"] = io::Json::array();
  for (const Target& target : plan.targets) json["configurations"].push_back(target_json(target));
  return json;
}

std::pair<double, double> parse_length_pair(std::string_view text) {
  const std::size_t colon = text.find(':');
  const double isl = parse_number(text.substr(0, colon)).value_or(kUnknown);
  const double osl = colon == text.npos ? kUnknown : parse_number(text.substr(colon + 1)).value_or(kUnknown);
  for (const double length : {isl, osl}) {
    if (length >= 1 && length <= 1e7 && length == std::floor(length)) continue;
    throw Error::usage('"' + std::string(text) +
                       "\" is not a pair of input and output tokens such as 512:128");
  }
  return {isl, osl};
}

void check_consistent(const Plan& plan) {
  const bool starts = !plan.serve_cmd.empty();
  const bool steady = std::ranges::any_of(
      plan.targets, [](const Target& target) { return target.load.kind == table::RowKind::steady; });
  if (plan.driver == "exec" && steady)
    throw Error::usage("the exec driver runs jobs only; the plan has a steady load");
  if (!starts && !plan.url.empty()) refuse_several_deployments(plan);
  if (starts) placed(plan.serve_cmd_place, [&] { check_command(plan); });
  if (!plan.url.empty()) placed(plan.url_place, [&] { http::parse_url(fill(plan.url, {{"port", "1"}})); });
}

void check_runnable(const Plan& plan) {
  check_consistent(plan);
  const bool starts = !plan.serve_cmd.empty();
  if (plan.driver == "exec" && !starts) throw Error::usage("the exec driver requires --serve-cmd");
  if (plan.driver == "exec" && plan.has_images())
    throw Error::usage("\"images\" require the http driver; a child creates its own from \"image_tokens\"");
  if (!starts && plan.url.empty())
    throw Error::usage("specify how to start the server (--serve-cmd) or where it runs (--url)");
}

std::string anonymity(const Plan& plan) {
  const bool gpu = std::ranges::any_of(plan.identity, [](const auto& entry) { return entry.first == "gpu"; });
  const bool model = std::ranges::all_of(
      plan.targets, [](const Target& target) { return !target.deployment.model.empty(); });
  if (gpu || model) return {};
  return "the plan names neither a model nor a GPU (\"identity\"), so its rows do not identify what was measured";
}

}  // namespace energylens::campaign
