// SPDX-License-Identifier: Apache-2.0
// The model file: JSON that people can read and that reads back to the same predictions, bit for bit.
// Held by model_file_test.cpp (round trip; truncated, newer and foreign files).
#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/law/formula.hpp"
#include "energylens/law/model.hpp"
#include "energylens/wire/json.hpp"

namespace energylens::law {
namespace {

using wire::Json;

constexpr std::string_view kFormat = "energylens-model";
constexpr int kSchemaVersion = 2;

Json range_json(const Range& range) { return Json::array({range.min, range.max}); }

Range range_from(const Json& json) {
  const std::vector<double> numbers = json.as_numbers();
  if (numbers.size() != 2) throw json.error("a range is two numbers, least and greatest");
  return {numbers[0], numbers[1]};
}

Json texts_json(const std::vector<std::string>& texts) { return Json::array_of(texts); }

std::vector<std::string> texts_from(const Json& json) {
  std::vector<std::string> out;
  for (const Json& item : json.items()) out.push_back(item.as_text());
  return out;
}

/// The layout that `text` spells; its refusal names the place of `json`.
table::Layout layout_from(const std::string& text, const Json& json) {
  try {
    return table::parse_layout(text);
  } catch (const Error& error) {
    throw json.error(error.message());
  }
}

table::Layout layout_from(const Json& json) { return layout_from(json.as_text(), json); }

Json identity_json(const table::GroupIdentity& identity) {
  Json key = Json::object();
  for (const auto& [column, text] : identity.key) key[column] = text;
  return Json::object({{"key", std::move(key)},
                       {"params_b", identity.params_b},
                       {"active_params_b", identity.active_params_b},
                       {"arch", identity.arch},
                       {"simulated", identity.simulated}});
}

table::GroupIdentity identity_from(const Json& json) {
  table::GroupIdentity out;
  for (const Json::Member& member : json.at("key").members()) out.key.emplace_back(member.name, member.value.as_text());
  out.params_b = json.number_or_unknown("params_b");
  out.active_params_b = json.number_or_unknown("active_params_b");
  out.arch = json.text("arch");
  out.simulated = json.boolean("simulated");
  return out;
}

/// The numbers among the facts, with their names in the file.
constexpr std::pair<std::string_view, double model::Facts::*> kFactFields[] = {
    {"params", &model::Facts::params},
    {"active_params", &model::Facts::active_params},
    {"weight_bytes", &model::Facts::weight_bytes},
    {"kv_bytes_per_token", &model::Facts::kv_bytes_per_token},
    {"expert_share", &model::Facts::expert_share},
    {"always_read_share", &model::Facts::always_read_share},
    {"fixed_time_share", &model::Facts::fixed_time_share},
    {"gpu_memory_bytes", &model::Facts::gpu_memory_bytes},
    {"gpu_tdp_w", &model::Facts::gpu_tdp_w},
    {"gpu_idle_w", &model::Facts::gpu_idle_w},
    {"gpu_bandwidth_bytes_s", &model::Facts::gpu_bandwidth_bytes_s},
    {"gpu_peak_flops", &model::Facts::gpu_peak_flops},
    {"gpu_link_bytes_s", &model::Facts::gpu_link_bytes_s},
};

Json facts_json(const model::Facts& facts) {
  Json out = Json::object();
  for (const auto& [name, field] : kFactFields) out[name] = facts.*field;
  return out;
}

model::Facts facts_from(const Json& json) {
  model::Facts out;
  for (const auto& [name, field] : kFactFields) out.*field = json.number_or_unknown(name);
  if (!known(out.fixed_time_share)) out.fixed_time_share = 0;  // files written before it was known
  return out;
}

Json domain_json(const Domain& domain) {
  Json layouts = Json::array();
  for (const table::Layout& layout : domain.layouts) layouts.push_back(table::layout_text(layout));
  return Json::object({{"layouts", std::move(layouts)},
                       {"batch_per_replica", range_json(domain.batch)},
                       {"isl", range_json(domain.isl)},
                       {"osl", range_json(domain.osl)},
                       {"image_tokens", range_json(domain.image_tokens)}});
}

Domain domain_from(const Json& json) {
  Domain out;
  for (const Json& layout : json.array_at("layouts")) out.layouts.push_back(layout_from(layout));
  out.batch = range_from(json.at("batch_per_replica"));
  out.isl = range_from(json.at("isl"));
  out.osl = range_from(json.at("osl"));
  out.image_tokens = range_from(json.at("image_tokens"));
  return out;
}

Json parameters_json(const TargetFit& fit, bool energy) {
  Json out = Json::object();
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos()[j];
    const ParameterFit& p = fit.intervals[j];
    out[info.name] = Json::object({{"value", fit.parameters[j]},
                                   {"lo", p.lo},
                                   {"hi", p.hi},
                                   {"unit", parameter_unit(j, energy)},
                                   {"determined", p.determined},
                                   {"meaning", info.meaning}});
  }
  return out;
}

Json layouts_json(const std::vector<LayoutResidual>& residuals) {
  Json out = Json::array();
  for (const LayoutResidual& r : residuals) {
    out.push_back(Json::object(
        {{"layout", table::layout_text(r.layout)}, {"rows", r.rows}, {"bias", r.bias}, {"sd", r.sd}}));
  }
  return out;
}

Json falls_json(const std::vector<Fall>& falls) {
  Json out = Json::array();
  for (const Fall& f : falls) {
    out.push_back(Json::object({{"layout", table::layout_text(f.layout)},
                                {"axis", f.axis},
                                {"from", f.from},
                                {"to", f.to},
                                {"drop", f.drop}}));
  }
  return out;
}

Json prior_json(const std::optional<Prior>& prior) {
  if (!prior) return nullptr;
  Json sources = Json::array();
  for (const PriorSource& source : prior->sources) {
    Json ratios = Json::object();
    for (std::size_t j = 0; j < kParameters; ++j) ratios[parameter_infos()[j].name] = source.ratios[j];
    sources.push_back(Json::object(
        {{"group", source.group}, {"ratios", std::move(ratios)}, {"unknown", texts_json(source.unknown)}}));
  }
  return Json::object({{"weight", prior->weight}, {"sources", std::move(sources)}});
}

std::optional<Prior> prior_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  Prior out;
  out.weight = json.number("weight");
  for (const Json& source : json.array_at("sources")) {
    PriorSource& one = out.sources.emplace_back();
    one.group = source.text("group");
    for (std::size_t j = 0; j < kParameters; ++j) one.ratios[j] = source.at("ratios").number(parameter_infos()[j].name);
    one.unknown = texts_from(source.at("unknown"));
  }
  return out;
}

Json target_json(const std::optional<TargetFit>& fit, bool energy) {
  if (!fit) return nullptr;
  Json out = Json::object({{"parameters", parameters_json(*fit, energy)},
                       {"covariance", Json::array_of(fit->covariance)},
                       {"residual_sd", fit->residual_sd},
                       {"prefill_sd", fit->prefill_sd},
                       {"decode_sd", fit->decode_sd},
                       {"mape", fit->mape},
                       {"rows", fit->rows},
                       {"degrees_of_freedom", fit->degrees_of_freedom},
                       {"effective_parameters", fit->effective_parameters},
                       {"rank", fit->rank},
                       {"undetermined", texts_json(fit->undetermined)},
                       {"termination", fit->termination},
                       {"residuals_by_layout", layouts_json(fit->by_layout)},
                       {"falls", falls_json(fit->falls)}});
  if (fit->prior) out["prior"] = prior_json(fit->prior);
  return out;
}

void read_parameters(const Json& json, TargetFit& fit) {
  for (std::size_t j = 0; j < kParameters; ++j) {
    const Json& p = json.at(parameter_infos()[j].name);
    const ParameterInfo& info = parameter_infos()[j];
    fit.parameters[j] = p.number("value");
    if (!(fit.parameters[j] >= info.min && fit.parameters[j] <= info.max)) {
      throw p.error(std::string(info.name) + " is outside its bounds");
    }
    fit.intervals.push_back(
        {fit.parameters[j], p.number_or_unknown("lo"), p.number_or_unknown("hi"), p.boolean("determined")});
  }
}

std::optional<TargetFit> target_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  TargetFit fit;
  read_parameters(json.at("parameters"), fit);
  fit.covariance = json.at("covariance").as_numbers();
  if (fit.covariance.size() != kParameters * kParameters) throw json.at("covariance").error("a covariance has 144 numbers");
  fit.residual_sd = json.number("residual_sd");
  if (!(fit.residual_sd >= 0)) throw json.at("residual_sd").error("a standard deviation is not negative");
  fit.prefill_sd = json.number_or_unknown("prefill_sd");
  fit.decode_sd = json.number_or_unknown("decode_sd");
  fit.mape = json.number_or_unknown("mape");
  fit.rows = static_cast<std::size_t>(json.unsigned_integer("rows"));
  fit.degrees_of_freedom = json.number("degrees_of_freedom");
  if (!(fit.degrees_of_freedom > 0)) throw json.at("degrees_of_freedom").error("degrees of freedom are positive");
  fit.effective_parameters = json.number_or_unknown("effective_parameters");
  fit.rank = static_cast<int>(json.integer("rank"));
  fit.undetermined = texts_from(json.at("undetermined"));
  fit.termination = json.text("termination");
  for (const Json& r : json.array_at("residuals_by_layout")) {
    fit.by_layout.push_back({layout_from(r.at("layout")), static_cast<std::size_t>(r.unsigned_integer("rows")),
                             r.number("bias"), r.number_or_unknown("sd")});
  }
  for (const Json& f : json.array_at("falls")) {
    fit.falls.push_back({layout_from(f.at("layout")), f.text("axis"), f.number("from"), f.number("to"),
                         f.number("drop")});
  }
  if (const Json* prior = json.find("prior")) fit.prior = prior_from(*prior);
  return fit;
}

using Capacities = std::vector<std::pair<table::Layout, double>>;

Json capacities_json(const Capacities& capacities) {
  Json out = Json::object();
  for (const auto& [layout, tokens] : capacities) out[table::layout_text(layout)] = tokens;
  return out;
}

Capacities capacities_from(const Json& json) {
  Capacities out;
  for (const Json::Member& m : json.members()) out.emplace_back(layout_from(m.name, m.value), m.value.as_number());
  return out;
}

Json law_json(const GroupLaw& law) {
  const expr::Expr energy = one_wave_formula(law.facts, law.isl_known, true);
  const expr::Expr time = one_wave_formula(law.facts, law.isl_known, false);
  return Json::object({{"group", identity_json(law.identity)},
                       {"formula", expr::print(energy)},
                       {"formula_postfix", expr::print_postfix(energy)},
                       {"time_formula", expr::print(time)},
                       {"time_formula_postfix", expr::print_postfix(time)},
                       {"isl_known", law.isl_known},
                       {"facts", facts_json(law.facts)},
                       {"stated_capacity_tokens", capacities_json(law.stated_capacity)},
                       {"fitted_capacity_tokens", capacities_json(law.fitted_capacity)},
                       {"capacity_factor", law.capacity_factor},
                       {"domain", domain_json(law.domain)},
                       {"energy", target_json(law.energy, true)},
                       {"time", target_json(law.time, false)},
                       {"warnings", texts_json(law.warnings)}});
}

GroupLaw law_from(const Json& json) {
  GroupLaw law;
  law.identity = identity_from(json.at("group"));
  law.isl_known = json.boolean("isl_known");
  law.facts = facts_from(json.at("facts"));
  law.stated_capacity = capacities_from(json.at("stated_capacity_tokens"));
  law.fitted_capacity = capacities_from(json.at("fitted_capacity_tokens"));
  law.capacity_factor = json.number("capacity_factor");
  law.domain = domain_from(json.at("domain"));
  law.energy = target_from(json.at("energy"));
  law.time = target_from(json.at("time"));
  law.warnings = texts_from(json.at("warnings"));
  return law;
}

void require_our_kind(const Json& json) {
  const std::string format = json.is_object() ? json.text_or("format", "") : "";
  if (format != kFormat) throw json.error("not an EnergyLens model file");
  const std::int64_t version = json.integer("schema_version");
  if (version > kSchemaVersion) {
    throw json.at("schema_version").error("model file of schema version " + std::to_string(version) +
                                          ", newer than this program reads (" + std::to_string(kSchemaVersion) + ")");
  }
  if (version < kSchemaVersion) {
    throw json.at("schema_version").error("holds an older form of the law (schema version " + std::to_string(version) +
                                          "); fit it again from its data");
  }
  if (json.text("kind") != "law") throw json.at("kind").error("a law is needed here, not " + json.text("kind"));
}

}  // namespace

wire::Json Model::json() const {
  Json laws = Json::array();
  for (const GroupLaw& law : content_.laws) laws.push_back(law_json(law));
  return Json::object({{"format", kFormat},
                       {"schema_version", kSchemaVersion},
                       {"kind", "law"},
                       {"seed", content_.seed},
                       {"data_hash", content_.data_hash},
                       {"pooled", content_.pooled},
                       {"effective_parameters", content_.effective_parameters},
                       {"kv_capacity_flag_tokens", content_.flag_capacity_tokens},
                       {"groups", std::move(laws)}});
}

std::string Model::to_json() const { return wire::print_json(json()) + "\n"; }

Model Model::from_json(const wire::Json& json) {
  require_our_kind(json);
  ModelContent content;
  content.seed = json.unsigned_integer("seed");
  content.data_hash = json.text("data_hash");
  content.pooled = json.boolean("pooled");
  content.effective_parameters = json.number_or_unknown("effective_parameters");
  content.flag_capacity_tokens = json.number_or_unknown("kv_capacity_flag_tokens");
  for (const Json& law : json.array_at("groups")) content.laws.push_back(law_from(law));
  if (content.laws.empty()) throw json.at("groups").error("a model file holds at least one group");
  return Model(std::move(content));
}

Model Model::from_json(std::string_view text, const std::string& file) {
  return from_json(wire::parse_json(text, file));
}

}  // namespace energylens::law
