// SPDX-License-Identifier: Apache-2.0
// Reads plan files in JSON. Every member is checked by name where it stands, so that a misspelt one is never
// silently without effect. Its configurations are read by plan_targets.cpp. Held by plan_test.cpp and
// fuzz_replay_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "campaign/plan.hpp"
#include "campaign/plan/plan_csv.hpp"
#include "campaign/plan/plan_targets.hpp"
#include "campaign/serving/command.hpp"
#include "core/named_table.hpp"
#include "core/text.hpp"
#include "energylens/table/columns.hpp"
#include "io/sheet.hpp"
#include "load/image.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

constexpr std::size_t kMostBytes = 64u << 20;

/// Columns that a plan may state for all rows: who was measured, not what came out.
bool may_be_stated(const table::ColumnInfo& info) {
  using enum table::ColumnFamily;
  return info.family == identity || info.family == operating_point ||
         info.column == table::Column::num_nodes || info.column == table::Column::interconnect ||
         info.column == table::Column::kv_capacity_tokens || info.column == table::Column::notes;
}

std::string cell_text(const Json& value, const table::ColumnInfo& info) {
  if (info.type == table::ColumnType::text) return one_line(value);
  const double number = value.kind() == Json::Kind::boolean ? (value.as_boolean() ? 1.0 : 0.0)
                        : value.is_text()                   ? parse_number(value.as_text()).value_or(kUnknown)
                                                            : value.as_number();
  if (!known(number) || number < info.min || (number == info.min && !info.min_allowed) ||
      (info.whole && number != std::floor(number))) {
    throw value.error('"' + std::string(info.name) + "\" is out of range");
  }
  return number_text(number);
}

Common read_identity(const Json& json, Plan& plan) {
  Common common;
  const Json* const identity = json.find("identity");
  if (!identity) return common;
  for (const Json::Member& member : identity->members()) {
    const auto column = table::find_column(member.name);
    if (!column || !may_be_stated(table::info(*column))) {
      std::vector<std::string_view> names;
      for (const table::ColumnInfo& info : table::columns()) {
        if (may_be_stated(info)) names.push_back(info.name);
      }
      throw member.value.error(unknown_name("identity column", member.name, names));
    }
    if (member.value.is_null()) continue;
    const std::string text = cell_text(member.value, table::info(*column));
    if (text.empty()) continue;
    if (*column == table::Column::model) {
      common.model = text;
    } else if (*column == table::Column::quant) {
      common.quant = text;
    } else {
      plan.identity.emplace_back(member.name, text);
    }
  }
  return common;
}

void read_choice(const Json& json, std::string_view name, std::initializer_list<std::string_view> choices,
                 std::string& target) {
  const Json* const value = json.find(name);
  if (!value) return;
  if (std::ranges::find(choices, value->as_text()) == choices.end()) {
    throw value->error(unknown_name(name, value->as_text(), choices));
  }
  target = value->as_text();
}

std::string command_of(const Json& value) {
  if (value.is_text()) return value.as_text();
  std::string command;
  for (const Json& word : value.items())
    command += (command.empty() ? "" : " ") + shell_quoted(word.as_text());
  return command;
}

void read_settings(const Json& json, Settings& settings) {
  for (const SettingInfo& info : setting_infos()) {
    const Json* const value = json.find(info.name);
    if (!value) continue;
    const double number = value->is_number() ? value->as_number() : kUnknown;
    const bool is_whole = std::holds_alternative<int Settings::*>(info.member);
    if (!(number >= info.min && number <= info.max) || (is_whole && number != std::floor(number))) {
      throw value->error('"' + std::string(info.name) + "\" must be a " +
                         (is_whole ? "whole number" : "number") + " from " + number_text(info.min) + " to " +
                         number_text(info.max));
    }
    std::visit(
        [&](auto member) {
          settings.*member = static_cast<std::remove_reference_t<decltype(settings.*member)>>(number);
        },
        info.member);
  }
  if (settings.max_repeats >= settings.repeats) return;
  if (const Json* const stated = json.find("max_repeats"))
    throw stated->error("\"max_repeats\" (" + std::to_string(settings.max_repeats) +
                        ") is less than \"repeats\" (" + std::to_string(settings.repeats) + ')');
  settings.max_repeats = settings.repeats;
}

/// Files, or how many images of which size are to be made.
void read_images(const Json& images, Plan& plan) {
  if (!images.is_object()) {
    for (const Json& image : images.items()) plan.images.push_back(one_line(image));
    return;
  }
  static constexpr std::array<std::string_view, 3> kNames = {"count", "width", "height"};
  images.allow_only(kNames);
  MadeImages& made = plan.made_images;
  made.count =
      images.find("count") ? static_cast<int>(whole(images.at("count"), "count", kMostImagesOfARequest)) : 1;
  made.width = static_cast<int>(whole(images.at("width"), "width", load::kMostPixels));
  made.height = static_cast<int>(whole(images.at("height"), "height", load::kMostPixels));
  if (static_cast<double>(made.width) * made.height * made.count > load::kMostPixels)
    throw images.error("images of more than " + std::to_string(load::kMostPixels) + " pixels in one request");
}

void read_way(const Json& json, Plan& plan) {
  read_choice(json, "driver", {"http", "exec"}, plan.driver);
  read_choice(json, "api", {"completions", "chat"}, plan.api);
  read_choice(json, "prompt", {"tokens", "text"}, plan.prompt);
  read_choice(json, "prefill", {"osl1", "split", "none"}, plan.prefill);
  if (const Json* const command = json.find("serve_cmd")) {
    plan.serve_cmd = command_of(*command);
    plan.serve_cmd_place = command->place();
  }
  plan.url = one_line_or(json, "url", "");
  if (!plan.url.empty()) plan.url_place = json.at("url").place();
  plan.served_model = one_line_or(json, "served_model", "");
  plan.id = one_line_or(json, "id", "");
  if (plan.id.size() > 64 ||
      plan.id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") !=
          plan.id.npos)
    throw json.at("id").error("an id has at most 64 letters, digits, - and _");
  if (const Json* const images = json.find("images")) read_images(*images, plan);
  if (json.find("seed")) plan.seed = json.unsigned_integer("seed");
  if (plan.api == "chat" || plan.has_images()) {
    if (json.text_or("prompt", "text") == "tokens")
      throw json.at("prompt").error("a chat requires text instead of tokens");
    plan.prompt = "text";
  }
}

void allow_known(const Json& json) {
  std::vector<std::string_view> names = {
      "format", "version", "id",      "identity", "driver", "serve_cmd", "url",           "served_model",
      "api",    "prompt",  "prefill", "images",   "seed",   "grid",      "configurations"};
  for (const SettingInfo& info : setting_infos()) names.push_back(info.name);
  json.allow_only(names);
}

void refuse_equal_targets(const Plan& plan, const std::string& file) {
  std::set<std::string> seen;
  for (const Target& target : plan.targets) {
    if (!seen.insert(target_text(target)).second)
      throw Error::bad_input({file, 0, ""}, "a configuration occurs twice: " + target_text(target));
  }
}

Plan parse_json_plan(std::string_view text, const std::string& file, const PlanChanges& changes) {
  const Json json = io::parse_json(text, file);
  if (!json.is_object()) throw json.error("a plan must be an object, { ... }, or a table in CSV");
  allow_known(json);
  Plan plan;
  const Common common = read_identity(json, plan);
  read_way(json, plan);
  read_settings(json, plan.settings);
  read_targets(json, common, changes, plan);
  return plan;
}

/// Else it is a table. A single word or number is not a table, although it has no brace.
bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return false;
  if (text[first] == '{' || text[first] == '[') return true;
  try {
    io::parse_json(text, "");
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Plan parse_plan(std::string_view text, const std::string& file, const PlanChanges& changes) {
  if (text.size() > kMostBytes) throw Error::bad_input({file, 0, ""}, "the plan is larger than 64 MiB");
  const bool json = is_json(text);
  Plan plan = json ? parse_json_plan(text, file, changes) : parse_csv_plan(text, file);
  if (!json && !changes.isl_osl_pairs.empty())
    throw Error::usage("--isl-osl-pairs requires a plan with a grid");
  refuse_equal_targets(plan, file);
  if (!changes.serve_cmd.empty()) plan.serve_cmd = changes.serve_cmd, plan.serve_cmd_place = {};
  if (!changes.url.empty()) plan.url = changes.url, plan.url_place = {};
  return plan;
}

}  // namespace energylens::campaign
