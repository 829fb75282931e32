// SPDX-License-Identifier: Apache-2.0
// What the model file of the law holds. Held by model_file_test.cpp.
#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/io/json.hpp"
#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/file.hpp"
#include "parametric/formula.hpp"
#include "parametric/law/observations.hpp"
#include "parametric/model/model_file.hpp"

namespace energylens::parametric {
namespace {

using io::Json;
using predictor::layout_from;
using predictor::number_in;
using predictor::number_in_or_unknown;
using predictor::texts_from;
using predictor::texts_json;

Json parameters_json(const LawFit& fit, Metric metric, Form form) {
  Json out = Json::object();
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos(form)[j];
    const ParameterFit& p = fit.intervals[j];
    out[info.name] = Json::object({{"value", fit.parameters[j]},
                                   {"lo", p.lo},
                                   {"hi", p.hi},
                                   {"unit", metric == Metric::energy ? info.energy_unit : info.time_unit},
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

Json prior_json(const std::optional<Prior>& prior, Form form) {
  if (!prior) return nullptr;
  Json sources = Json::array();
  for (const PriorSource& source : prior->sources) {
    Json ratios = Json::object();
    for (std::size_t j = 0; j < kParameters; ++j) ratios[parameter_infos(form)[j].name] = source.ratios[j];
    sources.push_back(Json::object(
        {{"group", source.group}, {"ratios", std::move(ratios)}, {"unknown", texts_json(source.unknown)}}));
  }
  return Json::object({{"weight", prior->weight}, {"sources", std::move(sources)}});
}

std::optional<Prior> prior_from(const Json& json, Form form) {
  if (json.is_null()) return std::nullopt;
  Prior out;
  out.weight = number_in(json, "weight", {0, 1});
  for (const Json& source : json.array_at("sources")) {
    PriorSource& one = out.sources.emplace_back();
    one.group = source.text("group");
    for (std::size_t j = 0; j < kParameters; ++j)
      one.ratios[j] = number_in(source.at("ratios"), parameter_infos(form)[j].name, {1e-300, 1e300});
    one.unknown = texts_from(source.at("unknown"));
  }
  return out;
}

Json law_target_json(const std::optional<LawFit>& fit, Metric metric, Form form) {
  if (!fit) return nullptr;
  Json out = Json::object({{"parameters", parameters_json(*fit, metric, form)},
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
  if (fit->prior) out["prior"] = prior_json(fit->prior, form);
  return out;
}

void read_parameters(const Json& json, Form form, LawFit& fit) {
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos(form)[j];
    const Json& p = json.at(info.name);
    fit.parameters[j] = p.number("value");
    if (!(fit.parameters[j] >= info.min && fit.parameters[j] <= info.max)) {
      throw p.error(std::string(info.name) + " is outside its bounds");
    }
    fit.intervals.push_back(
        {fit.parameters[j], p.number_or_unknown("lo"), p.number_or_unknown("hi"), p.boolean("determined")});
    if (fit.intervals.back().lo > fit.parameters[j] || fit.intervals.back().hi < fit.parameters[j])
      throw p.error(std::string(info.name) + " is outside its interval");
  }
}

std::optional<LawFit> law_target_from(const Json& json, Form form) {
  if (json.is_null()) return std::nullopt;
  LawFit fit;
  read_parameters(json.at("parameters"), form, fit);
  read_fit(json, kParameters, fit);
  fit.prefill_sd = number_in_or_unknown(json, "prefill_sd", predictor::kLogSdInFile);
  fit.decode_sd = number_in_or_unknown(json, "decode_sd", predictor::kLogSdInFile);
  number_in(json, "rank", {0, kParameters});
  fit.rank = static_cast<int>(json.integer("rank"));
  fit.undetermined = texts_from(json.at("undetermined"));
  fit.termination = json.text("termination");
  for (const Json& r : json.array_at("residuals_by_layout")) {
    fit.by_layout.push_back(
        {layout_from(r.at("layout")), static_cast<std::size_t>(r.unsigned_integer("rows")),
         number_in(r, "bias", {-predictor::kLogSdInFile.max, predictor::kLogSdInFile.max}),
         number_in_or_unknown(r, "sd", predictor::kLogSdInFile)});
  }
  for (const Json& f : json.array_at("falls")) {
    fit.falls.push_back(
        {layout_from(f.at("layout")), f.text("axis"), f.number("from"), f.number("to"), f.number("drop")});
  }
  if (const Json* prior = json.find("prior")) fit.prior = prior_from(*prior, form);
  return fit;
}

Json law_json(const GroupLaw& law) {
  const expr::Expr energy = one_wave_formula(law, Metric::energy);
  const expr::Expr time = one_wave_formula(law, Metric::time);
  Json out = Json::object({{"group", nullptr},
                           {"formula", expr::print(energy)},
                           {"formula_postfix", expr::print_postfix(energy)},
                           {"time_formula", expr::print(time)},
                           {"time_formula_postfix", expr::print_postfix(time)}});
  predictor::add_context(out, law);
  out["fitted_capacity_tokens"] = predictor::capacities_json(law.fitted_capacity);
  out["capacity_factor"] = law.capacity_factor;
  out["energy"] = law_target_json(law.energy, Metric::energy, form_of(law));
  out["time"] = law_target_json(law.time, Metric::time, form_of(law));
  out["warnings"] = texts_json(law.warnings);
  return out;
}

GroupLaw law_from(const Json& json) {
  GroupLaw law;
  static_cast<predictor::GroupContext&>(law) = predictor::context_from(json);
  law.fitted_capacity = predictor::capacities_from(json.at("fitted_capacity_tokens"));
  law.capacity_factor = number_in(json, "capacity_factor", {1e-6, 1e6});
  law.energy = law_target_from(json.at("energy"), form_of(law));
  law.time = law_target_from(json.at("time"), form_of(law));
  law.warnings = texts_from(json.at("warnings"));
  return law;
}

}  // namespace

io::Json LawModel::json() const {
  Json out = file_head(kind(), content_), laws = Json::array();
  for (const GroupLaw& law : content_.laws) laws.push_back(law_json(law));
  out["groups"] = std::move(laws);
  return out;
}

LawModel LawModel::from_json(const io::Json& json) {
  if (predictor::file_kind(json) != "law")
    throw json.at("kind").error("expected a model of kind law, not " + json.text("kind"));
  LawContent content{record_from(json), {}};
  for (const Json& law : groups_of(json)) content.laws.push_back(law_from(law));
  LawModel model(std::move(content));
  require_answers(model, json);
  return model;
}

LawModel LawModel::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

}  // namespace energylens::parametric
