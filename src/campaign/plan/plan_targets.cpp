// SPDX-License-Identifier: Apache-2.0
// The configurations of a plan in JSON. A grid is the product of its lists, model and quantisation outermost,
// output length innermost. Held by plan_test.cpp and fuzz_replay_test.cpp.
#include "campaign/plan/plan_targets.hpp"

#include <array>
#include <cmath>

#include "campaign/plan/plan_csv.hpp"
#include "campaign/serving/command.hpp"
#include "core/named_table.hpp"
#include "io/sheet.hpp"

namespace energylens::campaign {
namespace {

using io::Json;

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
  constexpr std::array<std::string_view, 2> kKinds = {"job", "steady"};
  if (value->as_text() == "job") return table::RowKind::job;
  if (value->as_text() == "steady") return table::RowKind::steady;
  throw value->error(unknown_name("row_kind", value->as_text(), kKinds));
}

/// Unknown for none.
double image_tokens_of(const Json& json) {
  const double stated = json.number_or_unknown("image_tokens");
  return !known(stated) || stated == 0 ? kUnknown
                                       : whole(json.at("image_tokens"), "image_tokens", kMostTokens);
}

void add(Plan& plan, const Json& place, Target target) {
  if (known(target.load.image_tokens) && target.load.image_tokens > target.load.isl)
    throw place.error("image_tokens exceeds isl");
  if (target.load.kind == table::RowKind::steady && target.load.osl < 2)
    throw place.error("a steady load requires at least 2 output tokens");
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

}  // namespace

const std::string& one_line(const Json& value) {
  if (!is_one_line(value.as_text())) throw value.error("must be a single line of text");
  return value.as_text();
}

std::string one_line_or(const Json& json, std::string_view name, const std::string& fallback) {
  const Json* const value = json.find(name);
  return value && !value->is_null() ? one_line(*value) : fallback;
}

double whole(const Json& value, std::string_view what, double most) {
  const double number = value.is_number() ? value.as_number() : kUnknown;
  if (!(number >= 1 && number <= most) || number != std::floor(number))
    throw value.error(std::string(what) + " must be a whole number from 1 to " + number_text(most));
  return number;
}

void read_targets(const Json& json, const Common& common, const PlanChanges& changes, Plan& plan) {
  const Json *const grid = json.find("grid"), *const listed = json.find("configurations");
  if (!grid == !listed) throw json.error("a plan has either a \"grid\" or a list of \"configurations\"");
  if (grid) read_grid(*grid, common, changes, plan);
  if (!listed) return;
  if (!changes.isl_osl_pairs.empty()) throw Error::usage("--isl-osl-pairs requires a plan with a grid");
  for (const Json& item : listed->items()) add(plan, item, read_target(item, common, table::RowKind::job));
  if (plan.targets.empty()) throw listed->error("the plan contains no configuration");
}

}  // namespace energylens::campaign
