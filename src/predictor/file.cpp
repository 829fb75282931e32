// SPDX-License-Identifier: Apache-2.0
// The parts of a model file that do not depend on the kind of model. Held by tests/parametric/model/model_file_test.cpp
// and tests/parametric/model/structure_file_test.cpp (round trip; truncated, newer and foreign files).
#include "energylens/predictor/file.hpp"

#include "energylens/core/error.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::predictor {
namespace {

using io::Json;

constexpr double kTiny = 1e-9;

Json range_json(const Range& range) {
  return Json::array({range.min, range.max});
}

Range range_from(const Json& json) {
  const std::vector<double> numbers = json.as_numbers();
  if (numbers.size() != 2) throw json.error("a range must be two numbers, the minimum and the maximum");
  const bool none = !known(numbers[0]) && !known(numbers[1]);
  if (!none && !(0 <= numbers[0] && numbers[0] <= numbers[1] && numbers[1] <= kTokensInFile.max))
    throw json.error("a range is two numbers of at least 0, the least first");
  return {numbers[0], numbers[1]};
}

/// The layout that `text` spells; its refusal names the place of `json`.
table::Layout layout_at(const std::string& text, const Json& json) {
  try {
    return table::parse_layout(text);
  } catch (const Error& error) {
    throw json.error(error.message());
  }
}

Json identity_json(const table::GroupIdentity& identity) {
  Json key = Json::object();
  for (const auto& [column, text] : identity.key) key[column] = text;
  return Json::object({{"key", std::move(key)},
                       {"params_b", identity.params_b},
                       {"active_params_b", identity.active_params_b},
                       {"arch", identity.arch},
                       {"simulated", identity.simulated},
                       {"energy_scope", identity.energy_scope}});
}

table::GroupIdentity identity_from(const Json& json) {
  table::GroupIdentity out;
  for (const Json::Member& member : json.at("key").members())
    out.key.emplace_back(member.name, member.value.as_text());
  out.params_b = number_in_or_unknown(json, "params_b", {kTiny, 1e9});
  out.active_params_b = number_in_or_unknown(json, "active_params_b", {kTiny, 1e9});
  out.arch = json.text("arch");
  out.simulated = json.boolean("simulated");
  out.energy_scope = json.text_or("energy_scope", "");
  return out;
}

/// One of the numbers among the facts: its name in the file, and between what it lies.
struct FactField {
  std::string_view name;
  double Facts::*member;
  Range range;
};
constexpr FactField kFactFields[] = {
    {"params", &Facts::params, {1, 1e18}},
    {"active_params", &Facts::active_params, {1, 1e18}},
    {"weight_bytes", &Facts::weight_bytes, {1, 1e18}},
    {"kv_bytes_per_token", &Facts::kv_bytes_per_token, {0, 1e12}},
    {"expert_share", &Facts::expert_share, {kTiny, 1}},
    {"always_read_share", &Facts::always_read_share, {0, 1}},
    {"fixed_time_share", &Facts::fixed_time_share, {0, 1}},
    {"gpu_memory_bytes", &Facts::gpu_memory_bytes, {1, 1e18}},
    {"gpu_tdp_w", &Facts::gpu_tdp_w, {kTiny, 1e6}},
    {"gpu_idle_w", &Facts::gpu_idle_w, {0, 1e6}},
    {"gpu_bandwidth_bytes_s", &Facts::gpu_bandwidth_bytes_s, {1, 1e18}},
    {"gpu_peak_flops", &Facts::gpu_peak_flops, {1, 1e24}},
    {"gpu_link_bytes_s", &Facts::gpu_link_bytes_s, {1, 1e18}},
    {"kv_heads", &Facts::kv_heads, {0, 1e6}},
    {"attention_heads", &Facts::attention_heads, {1, 1e6}},
    {"experts", &Facts::experts, {1, 1e6}},
    {"layers", &Facts::layers, {1, 1e6}},
    {"context_tokens", &Facts::context_tokens, {1, 1e12}},
    {"gpus_per_node", &Facts::gpus_per_node, {1, 1e6}},
};
/// Those that only servers need.
constexpr FactField kServerFactFields[] = {
    {"verified_tokens", &Facts::verified_tokens, {1, 1e6}},
};

Json facts_json(const Facts& facts, bool serving) {
  Json out = Json::object();
  for (const FactField& field : kFactFields) out[field.name] = facts.*field.member;
  out["engine_memory"] = Json::object({{"share", facts.memory.share},
                                       {"of_rest", facts.memory.of_rest},
                                       {"reserved_bytes", facts.memory.reserved_bytes},
                                       {"kv_block_tokens", facts.memory.block_tokens}});
  if (!serving) return out;
  for (const FactField& field : kServerFactFields) out[field.name] = facts.*field.member;
  return out;
}

/// Files written before engines were told apart have none: that of the engine of the group.
EngineMemory memory_from(const Json& json, std::string_view engine) {
  const Json* const memory = json.find("engine_memory");
  if (!memory) return engine_memory(engine);
  return {number_in(*memory, "share", {kTiny, 1}), memory->boolean("of_rest"),
          number_in(*memory, "reserved_bytes", {0, 1e18}), number_in(*memory, "kv_block_tokens", {1, 1e9})};
}

Facts facts_from(const Json& json, std::string_view engine) {
  Facts out;
  out.memory = memory_from(json, engine);
  for (const FactField& field : kFactFields)
    out.*field.member = number_in_or_unknown(json, field.name, field.range);
  for (const FactField& field : kServerFactFields)
    out.*field.member = number_in_or_unknown(json, field.name, field.range);
  if (!known(out.fixed_time_share)) out.fixed_time_share = 0;  // files written before it was known
  if (!known(out.verified_tokens)) out.verified_tokens = 1;    // likewise
  return out;
}

Json domain_json(const Domain& domain) {
  Json layouts = Json::array();
  for (const table::Layout& layout : domain.layouts) layouts.push_back(table::layout_text(layout));
  Json out = Json::object({{"layouts", std::move(layouts)},
                           {"batch_per_replica", range_json(domain.batch)},
                           {"isl", range_json(domain.isl)},
                           {"osl", range_json(domain.osl)},
                           {"image_tokens", range_json(domain.image_tokens)}});
  const Range& accepted = domain.accepted_per_step;
  if (known(accepted.min)) out["accepted_per_step"] = range_json(accepted);
  return out;
}

Domain domain_from(const Json& json) {
  Domain out;
  for (const Json& layout : json.array_at("layouts"))
    out.layouts.push_back(layout_at(layout.as_text(), layout));
  out.batch = range_from(json.at("batch_per_replica"));
  out.isl = range_from(json.at("isl"));
  out.osl = range_from(json.at("osl"));
  out.image_tokens = range_from(json.at("image_tokens"));
  if (const Json* accepted = json.find("accepted_per_step")) out.accepted_per_step = range_from(*accepted);
  return out;
}

}  // namespace

const std::string& file_kind(const Json& json) {
  const std::string format = json.is_object() ? json.text_or("format", "") : "";
  if (format != kFileFormat) throw json.error("not an EnergyLens model file");
  const std::int64_t version = json.integer("schema_version");
  if (version > kFileVersion) {
    throw json.at("schema_version")
        .error("model file of schema version " + std::to_string(version) +
               ", newer than this program reads (" + std::to_string(kFileVersion) + ")");
  }
  if (version < kFileVersion) {
    throw json.at("schema_version")
        .error("is in an older version of the model format (schema version " + std::to_string(version) +
               "); fit it again from its data");
  }
  return json.text("kind");
}

double number_in(const Json& object, std::string_view name, const Range& range) {
  const double value = object.number(name);
  if (value >= range.min && value <= range.max) return value;
  throw object.at(name).error('"' + std::string(name) + "\" is " + number_text(value) +
                              "; expected a number from " + number_text(range.min) + " to " +
                              number_text(range.max));
}

double number_in_or_unknown(const Json& object, std::string_view name, const Range& range) {
  return known(object.number_or_unknown(name)) ? number_in(object, name, range) : kUnknown;
}

Json texts_json(const std::vector<std::string>& texts) {
  return Json::array_of(texts);
}

std::vector<std::string> texts_from(const Json& json) {
  std::vector<std::string> out;
  for (const Json& item : json.items()) out.push_back(item.as_text());
  return out;
}

Json capacities_json(const LayoutCapacities& capacities) {
  Json out = Json::object();
  for (const auto& [layout, tokens] : capacities) out[table::layout_text(layout)] = tokens;
  return out;
}

LayoutCapacities capacities_from(const Json& json) {
  LayoutCapacities out;
  for (const Json::Member& m : json.members())
    out.emplace_back(layout_at(m.name, m.value), number_in(json, m.name, kTokensInFile));
  return out;
}

table::Layout layout_from(const Json& json) {
  return layout_at(json.as_text(), json);
}

namespace {

Json verdict_json(const std::optional<Verdict>& verdict) {
  if (!verdict) return nullptr;
  return Json::object({{"grade", grade_text(verdict->grade)}, {"reasons", texts_json(verdict->reasons)}});
}

/// Files of earlier versions state neither rows nor a verdict.
void read_verdict(const Json& object, GroupContext& context) {
  if (const Json* rows = object.find("measured_rows"); rows && !rows->is_null())
    context.measured_rows = static_cast<std::size_t>(object.unsigned_integer("measured_rows"));
  const Json* const verdict = object.find("verdict");
  if (!verdict || verdict->is_null()) return;
  const std::optional<Grade> grade = grade_named(verdict->text("grade"));
  if (!grade) throw verdict->at("grade").error("the grade is good, usable or do not use");
  context.verdict = Verdict{*grade, texts_from(verdict->at("reasons"))};
}

}  // namespace

void add_context(Json& object, const GroupContext& context) {
  object["group"] = identity_json(context.identity);
  object["isl_known"] = context.isl_known;
  if (context.serving) object["serving"] = true;
  object["facts"] = facts_json(context.facts, context.serving);
  object["stated_capacity_tokens"] = capacities_json(context.stated_capacity);
  object["domain"] = domain_json(context.domain);
  object["measured_rows"] = context.measured_rows ? Json(*context.measured_rows) : Json();
  object["verdict"] = verdict_json(context.verdict);
}

GroupContext context_from(const Json& object) {
  GroupContext context = context_without_facts_from(object);
  context.facts = facts_from(object.at("facts"), context.identity["engine"]);
  return context;
}

GroupContext context_without_facts_from(const Json& object) {
  GroupContext context;
  context.identity = identity_from(object.at("group"));
  context.isl_known = object.boolean("isl_known");
  if (const Json* serving = object.find("serving")) context.serving = serving->as_boolean();
  context.stated_capacity = capacities_from(object.at("stated_capacity_tokens"));
  context.domain = domain_from(object.at("domain"));
  read_verdict(object, context);
  return context;
}

}  // namespace energylens::predictor
