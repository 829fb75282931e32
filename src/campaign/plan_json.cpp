// SPDX-License-Identifier: Apache-2.0
// Reads plan files in JSON. Every member is checked by name where it stands, so that a misspelt one is never
// silently without effect. A grid is the product of its lists, model and quantisation outermost, output
// length innermost. Held by plan_test.cpp and plan_fuzz.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "campaign/command.hpp"
#include "campaign/plan_csv.hpp"
#include "energylens/campaign/plan.hpp"
#include "energylens/core/nearest_name.hpp"
#include "energylens/table/columns.hpp"
#include "energylens/wire/sheet.hpp"

namespace energylens::campaign {
namespace {

using wire::Json;

constexpr std::size_t kMostBytes = 64u << 20;

/// A text of one line: names go into messages, file names and environments.
const std::string& one_line(const Json& value) {
  if (!is_one_line(value.as_text())) throw value.error("must be a text of one line");
  return value.as_text();
}

std::string one_line_or(const Json& json, std::string_view name, const std::string& fallback) {
  const Json* const value = json.find(name);
  return value && !value->is_null() ? one_line(*value) : fallback;
}

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
    throw value.error('"' + std::string(info.name) + "\" is out of its range");
  }
  return number_text(number);
}

/// Model and quantisation may differ from target to target; the rest is the same for all.
struct Common {
  std::string model, quant;
};

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
      const auto near = nearest_name(member.name, names);
      throw member.value.error('"' + wire::shown(member.name) + "\" cannot be stated for all rows" +
                               (near ? "; did you mean \"" + *near + "\"?" : ""));
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

double whole(const Json& value, std::string_view what, double most) {
  const double number = value.as_number();
  if (!(number >= 1 && number <= most) || number != std::floor(number))
    throw value.error(std::string(what) + " must be a whole number from 1 to " + number_text(most));
  return number;
}

table::Layout layout_at(const Json& value) {
  try {
    return table::parse_layout(value.as_text());
  } catch (const Error& error) {
    throw value.error(error.message());
  }
}

table::RowKind row_kind_of(const Json& json, table::RowKind fallback) {
  const Json* const value = json.find("row_kind");
  if (!value) return fallback;
  if (value->as_text() == "job") return table::RowKind::job;
  if (value->as_text() == "steady") return table::RowKind::steady;
  throw value->error('"' + wire::shown(value->as_text()) + "\" is no row_kind; there are job and steady");
}

/// Unknown for none.
double image_tokens_of(const Json& json) {
  const double stated = json.number_or_unknown("image_tokens");
  return !known(stated) || stated == 0 ? kUnknown
                                       : whole(json.at("image_tokens"), "image_tokens", kMostTokens);
}

void add(Plan& plan, const Json& place, Target target) {
  if (known(target.load.image_tokens) && target.load.image_tokens > target.load.isl)
    throw place.error("more image_tokens than isl");
  if (target.load.kind == table::RowKind::steady && target.load.osl < 2)
    throw place.error("a steady load needs at least 2 output tokens");
  if (plan.targets.size() == kMostTargets)
    throw place.error("more than " + std::to_string(kMostTargets) + " configurations");
  plan.targets.push_back(std::move(target));
}

Target read_target(const Json& json, const Common& common, table::RowKind kind) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "model", "quant", "layout", "row_kind", "batch", "isl", "osl", "image_tokens", "expected_s"};
  json.allow_only(kNames);
  Target target;
  target.deployment = {one_line_or(json, "model", common.model), one_line_or(json, "quant", common.quant),
                       layout_at(json.at("layout"))};
  target.load.kind = row_kind_of(json, kind);
  target.load.batch = whole(json.at("batch"), "batch", kMostRequests);
  target.load.isl = whole(json.at("isl"), "isl", kMostTokens);
  target.load.osl = whole(json.at("osl"), "osl", kMostTokens);
  target.load.image_tokens = image_tokens_of(json);
  target.expected_s = json.number_or_unknown("expected_s");
  if (target.expected_s <= 0) throw json.at("expected_s").error("\"expected_s\" must be positive");
  return target;
}

std::vector<double> list(const Json& grid, std::string_view name, double most) {
  std::vector<double> values;
  for (const Json& item : grid.array_at(name)) values.push_back(whole(item, name, most));
  if (values.empty()) throw grid.at(name).error('"' + std::string(name) + "\" is an empty list");
  return values;
}

std::vector<std::string> text_list(const Json& grid, std::string_view name, const std::string& fallback) {
  const Json* const value = grid.find(name);
  if (!value) return {fallback};
  std::vector<std::string> texts;
  for (const Json& item : value->items()) texts.push_back(one_line(item));
  if (texts.empty()) throw value->error('"' + std::string(name) + "\" is an empty list");
  return texts;
}

std::vector<std::pair<double, double>> lengths_of(const Json& grid, const PlanChanges& changes) {
  if (!changes.isl_osl_pairs.empty()) return changes.isl_osl_pairs;
  std::vector<std::pair<double, double>> pairs;
  if (const Json* const stated = grid.find("isl_osl_pairs")) {
    for (const Json& pair : stated->items()) {
      if (pair.items().size() != 2) throw pair.error("a pair of lengths is [isl, osl]");
      pairs.emplace_back(whole(pair.items()[0], "isl", kMostTokens),
                         whole(pair.items()[1], "osl", kMostTokens));
    }
    if (pairs.empty()) throw stated->error("\"isl_osl_pairs\" is an empty list");
    for (const char* name : {"isl", "osl"}) {
      if (grid.find(name))
        throw grid.at(name).error("lengths are stated twice: isl_osl_pairs and " + std::string(name));
    }
    return pairs;
  }
  const std::vector<double> osls = list(grid, "osl", kMostTokens);
  for (const double isl : list(grid, "isl", kMostTokens)) {
    for (const double osl : osls) pairs.emplace_back(isl, osl);
  }
  return pairs;
}

void read_grid(const Json& grid, const Common& common, const PlanChanges& changes, Plan& plan) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "model", "quant", "layout", "row_kind", "batch", "isl", "osl", "isl_osl_pairs", "image_tokens"};
  grid.allow_only(kNames);
  const auto models = text_list(grid, "model", common.model), quants = text_list(grid, "quant", common.quant);
  std::vector<table::Layout> layouts;
  for (const Json& item : grid.array_at("layout")) layouts.push_back(layout_at(item));
  if (layouts.empty()) throw grid.at("layout").error("\"layout\" is an empty list");
  const auto batches = list(grid, "batch", kMostRequests);
  const auto lengths = lengths_of(grid, changes);
  Target target;
  target.load.kind = row_kind_of(grid, table::RowKind::job);
  target.load.image_tokens = image_tokens_of(grid);
  const double count = static_cast<double>(models.size() * quants.size()) *
                       static_cast<double>(layouts.size()) * static_cast<double>(batches.size()) *
                       static_cast<double>(lengths.size());
  if (count > static_cast<double>(kMostTargets))
    throw grid.error("the grid has more than " + std::to_string(kMostTargets) + " configurations");
  for (const std::string& model : models) {
    for (const std::string& quant : quants) {
      for (const table::Layout& layout : layouts) {
        target.deployment = {model, quant, layout};
        for (const double batch : batches) {
          for (const auto& [isl, osl] : lengths) {
            target.load.batch = batch, target.load.isl = isl, target.load.osl = osl;
            add(plan, grid, target);
          }
        }
      }
    }
  }
}

void read_choice(const Json& json, std::string_view name, std::initializer_list<std::string_view> choices,
                 std::string& target) {
  const Json* const value = json.find(name);
  if (!value) return;
  if (std::ranges::find(choices, value->as_text()) == choices.end()) {
    std::string all;
    for (const std::string_view choice : choices) all += (all.empty() ? "" : ", ") + std::string(choice);
    throw value->error('"' + wire::shown(value->as_text()) + "\" is no " + std::string(name) +
                       "; there are " + all);
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
    const double number = value->as_number();
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
  if (settings.max_repeats < settings.repeats) settings.max_repeats = settings.repeats;
}

void read_way(const Json& json, Plan& plan) {
  read_choice(json, "driver", {"http", "exec"}, plan.driver);
  read_choice(json, "api", {"completions", "chat"}, plan.api);
  read_choice(json, "prompt", {"tokens", "text"}, plan.prompt);
  read_choice(json, "prefill", {"osl1", "split", "none"}, plan.prefill);
  if (const Json* const command = json.find("serve_cmd")) plan.serve_cmd = command_of(*command);
  plan.url = one_line_or(json, "url", "");
  plan.served_model = one_line_or(json, "served_model", "");
  plan.id = one_line_or(json, "id", "");
  if (const Json* const images = json.find("images")) {
    for (const Json& image : images->items()) plan.images.push_back(one_line(image));
  }
  if (json.find("seed")) plan.seed = json.unsigned_integer("seed");
  if (plan.api == "chat" || !plan.images.empty()) {
    if (json.text_or("prompt", "text") == "tokens")
      throw json.at("prompt").error("a chat takes text, no tokens");
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
  const Json json = wire::parse_json(text, file);
  allow_known(json);
  Plan plan;
  const Common common = read_identity(json, plan);
  read_way(json, plan);
  read_settings(json, plan.settings);
  const Json *const grid = json.find("grid"), *const listed = json.find("configurations");
  if (!grid == !listed) throw json.error("a plan has either a \"grid\" or a list of \"configurations\"");
  if (grid) read_grid(*grid, common, changes, plan);
  if (listed) {
    if (!changes.isl_osl_pairs.empty()) throw Error::usage("--isl-osl-pairs is for a plan with a grid");
    for (const Json& item : listed->items()) add(plan, item, read_target(item, common, table::RowKind::job));
    if (plan.targets.empty()) throw listed->error("the plan has no configuration");
  }
  return plan;
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{';
}

}  // namespace

Plan parse_plan(std::string_view text, const std::string& file, const PlanChanges& changes) {
  if (text.size() > kMostBytes) throw Error::bad_input({file, 0, ""}, "a plan of more than 64 MiB");
  Plan plan = is_json(text) ? parse_json_plan(text, file, changes) : parse_csv_plan(text, file);
  if (!is_json(text) && !changes.isl_osl_pairs.empty())
    throw Error::usage("--isl-osl-pairs is for a plan with a grid");
  refuse_equal_targets(plan, file);
  if (!changes.serve_cmd.empty()) plan.serve_cmd = changes.serve_cmd;
  if (!changes.url.empty()) plan.url = changes.url;
  return plan;
}

}  // namespace energylens::campaign
