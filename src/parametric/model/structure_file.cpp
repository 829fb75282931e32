// SPDX-License-Identifier: Apache-2.0
// model_file.cpp: JSON in the envelope of the law's file. Formulas are read from their postfix text; the
// infix text is for people. Held by model_file_test.cpp (round trip; truncated, newer and foreign files).
#include <algorithm>
#include <cmath>
#include <functional>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/numerics/distributions.hpp"
#include "energylens/predictor/file.hpp"
#include "energylens/predictor/wave_features.hpp"
#include "parametric/structure/compiled.hpp"

namespace energylens::discovered {
namespace {

using io::Json;

Json provenance_json(const std::optional<Provenance>& search) {
  if (!search) return nullptr;
  return Json::object({{"problem", search->problem},
                       {"ended", search->ended},
                       {"groups", Json::array_of(search->groups)},
                       {"rows", search->rows},
                       {"evaluations", search->evaluations},
                       {"seed", search->seed},
                       {"complexity", search->complexity},
                       {"loss", search->loss},
                       {"cv_mape", search->cv_mape}});
}

std::optional<Provenance> provenance_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return Provenance{json.text("problem"),
                    json.text("ended"),
                    predictor::texts_from(json.at("groups")),
                    static_cast<std::size_t>(json.unsigned_integer("rows")),
                    json.unsigned_integer("evaluations"),
                    json.unsigned_integer("seed"),
                    json.number_or_unknown("complexity"),
                    json.number_or_unknown("loss"),
                    json.number_or_unknown("cv_mape")};
}

Json structure_json(const std::optional<predictor::Structure>& structure,
                    const std::optional<Provenance>& search) {
  if (!structure) return nullptr;
  Json constants = Json::array();
  for (const predictor::StructureConstant& c : structure->constants) {
    constants.push_back(Json::object({{"name", c.name},
                                      {"unit", unit_text(c.unit)},
                                      {"per_group", c.per_group},
                                      {"logarithmic", c.logarithmic},
                                      {"start", c.start},
                                      {"sd", c.sd}}));
  }
  return Json::object(
      {{"form", structure->form},
       {"formula", expr::print(structure->formula)},
       {"formula_postfix", expr::print_postfix(structure->formula)},
       {"prefill", structure->prefill ? Json(expr::print(*structure->prefill)) : Json(nullptr)},
       {"prefill_postfix",
        structure->prefill ? Json(expr::print_postfix(*structure->prefill)) : Json(nullptr)},
       {"constants", std::move(constants)},
       {"search", provenance_json(search)}});
}

/// The formula of a text; whatever is wrong with it is refused at the place of the text.
expr::Expr formula_from(const Json& json, const std::vector<std::string>& constants) {
  static const std::vector<std::string> kInputs(predictor::kWaveInputs.begin(), predictor::kWaveInputs.end());
  try {
    return expr::parse_postfix(json.as_text(), {constants, kInputs, "formula"});
  } catch (const Error& error) {
    throw json.error(error.message());
  }
}

Unit unit_from(const Json& json) {
  try {
    return parse_unit(json.as_text());
  } catch (const Error& error) {
    throw json.error(error.message());
  }
}

std::optional<predictor::Structure> structure_from(const Json& json) {
  if (json.is_null()) return std::nullopt;
  predictor::Structure out;
  out.form = json.text("form");
  std::vector<std::string> names;
  for (const Json& c : json.array_at("constants")) {
    out.constants.push_back({c.text("name"), unit_from(c.at("unit")), c.boolean("per_group"),
                             c.boolean("logarithmic"), c.number("start"),
                             c.find("sd") ? c.number_or_unknown("sd") : kUnknown});
    if (known(out.constants.back().sd) && !(out.constants.back().sd > 0))
      throw c.at("sd").error("a standard deviation is above 0");
    if (out.constants.back().logarithmic && !(out.constants.back().start > 0))
      throw c.at("start").error("the start of a logarithmic constant is above 0");
    if (std::ranges::find(names, out.constants.back().name) != names.end())
      throw c.error("a constant occurs twice");
    names.push_back(out.constants.back().name);
  }
  out.formula = formula_from(json.at("formula_postfix"), names);
  if (!json.at("prefill_postfix").is_null()) out.prefill = formula_from(json.at("prefill_postfix"), names);
  return out;
}

/// One set of constants is that of the energy.
void require_joint(const Json& json, const predictor::Structures& structures) {
  const auto held = [&](const predictor::StructureConstant& c) {
    return std::ranges::find(structures.energy->constants, c.name, &predictor::StructureConstant::name) !=
           structures.energy->constants.end();
  };
  if (!structures.energy || !structures.time || !std::ranges::all_of(structures.time->constants, held))
    throw json.at("joint").error("the energy does not hold every constant of the time");
}

Json target_json(const std::optional<TargetFit>& fit, const std::optional<predictor::Structure>& structure) {
  if (!fit || !structure) return nullptr;
  const std::size_t n = fit->constants.size();
  const double t = numerics::student_t_quantile(0.95, fit->degrees_of_freedom);
  Json constants = Json::object();
  for (std::size_t k = 0; k < n; ++k) {
    const double value = fit->constants[k], half = t * std::sqrt(std::max(fit->covariance[k * n + k], 0.0));
    const bool log = structure->constants[k].logarithmic;
    constants[structure->constants[k].name] =
        Json::object({{"value", value},
                      {"lo", log ? value * std::exp(-half) : value - half},
                      {"hi", log ? value * std::exp(half) : value + half}});
  }
  return Json::object({{"constants", std::move(constants)},
                       {"covariance", Json::array_of(fit->covariance)},
                       {"residual_sd", fit->residual_sd},
                       {"mape", fit->mape},
                       {"rows", fit->rows},
                       {"degrees_of_freedom", fit->degrees_of_freedom},
                       {"effective_parameters", fit->effective_parameters}});
}

double constant_from(const Json& json, const predictor::StructureConstant& constant) {
  const double value = json.at(constant.name).number("value");
  if (constant.logarithmic && !(value > 0))
    throw json.at(constant.name).error("\"" + constant.name + "\" is not above 0");
  return value;
}

std::optional<TargetFit> target_from(const Json& json, const std::optional<predictor::Structure>& structure) {
  if (json.is_null()) return std::nullopt;
  if (!structure) throw json.error("constants without a formula");
  TargetFit fit;
  for (const predictor::StructureConstant& c : structure->constants)
    fit.constants.push_back(constant_from(json.at("constants"), c));
  fit.covariance = json.at("covariance").as_numbers();
  const std::size_t n = fit.constants.size();
  if (fit.covariance.size() != n * n ||
      !std::ranges::all_of(fit.covariance, [](double v) { return std::isfinite(v); }))
    throw json.at("covariance").error("a covariance has " + std::to_string(n * n) + " numbers here");
  fit.residual_sd = json.number("residual_sd");
  if (!(fit.residual_sd >= 0)) throw json.at("residual_sd").error("a standard deviation is not negative");
  fit.mape = json.number_or_unknown("mape");
  fit.rows = static_cast<std::size_t>(json.unsigned_integer("rows"));
  fit.degrees_of_freedom = json.number("degrees_of_freedom");
  if (!(fit.degrees_of_freedom > 0))
    throw json.at("degrees_of_freedom").error("degrees of freedom are above 0");
  fit.effective_parameters = json.number_or_unknown("effective_parameters");
  return fit;
}

Json group_json(const GroupFit& group, const predictor::Structures& structures) {
  Json out = Json::object();
  predictor::add_frame(out, group);
  out["energy"] = target_json(group.energy, structures.energy);
  out["time"] = target_json(group.time, structures.time);
  return out;
}

GroupFit group_from(const Json& json, const predictor::Structures& structures) {
  GroupFit out;
  static_cast<predictor::Frame&>(out) = predictor::frame_from(json);
  out.energy = target_from(json.at("energy"), structures.energy);
  out.time = target_from(json.at("time"), structures.time);
  return out;
}

}  // namespace

io::Json Model::json() const {
  Json groups = Json::array();
  for (const GroupFit& group : content_.groups) groups.push_back(group_json(group, content_.structures));
  return Json::object({{"format", predictor::kFileFormat},
                       {"schema_version", predictor::kFileVersion},
                       {"kind", "discovered"},
                       {"seed", content_.seed},
                       {"data_hash", content_.data_hash},
                       {"pooled", content_.pooled},
                       {"effective_parameters", content_.effective_parameters},
                       {"joint", content_.structures.joint},
                       {"kv_capacity_flag_tokens", content_.flag_capacity_tokens},
                       {"energy", structure_json(content_.structures.energy, content_.energy_search)},
                       {"time", structure_json(content_.structures.time, content_.time_search)},
                       {"groups", std::move(groups)}});
}

bool Model::joint() const {
  return content_.structures.joint;
}

std::string Model::to_json() const {
  return io::print_json(json()) + "\n";
}

Model Model::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

Model Model::from_json(const io::Json& json) {
  if (predictor::file_kind(json) != "discovered")
    throw json.at("kind").error("unknown kind of model: " + json.text("kind"));
  Content content;
  content.seed = json.unsigned_integer("seed");
  content.data_hash = json.text("data_hash");
  content.pooled = json.boolean("pooled");
  content.effective_parameters = json.number_or_unknown("effective_parameters");
  content.flag_capacity_tokens = json.number_or_unknown("kv_capacity_flag_tokens");
  content.structures.energy = structure_from(json.at("energy"));
  content.structures.time = structure_from(json.at("time"));
  content.structures.joint = json.find("joint") && json.boolean("joint");
  if (content.structures.joint) require_joint(json, content.structures);
  if (!json.at("energy").is_null()) content.energy_search = provenance_from(json.at("energy").at("search"));
  if (!json.at("time").is_null()) content.time_search = provenance_from(json.at("time").at("search"));
  for (const Json& group : json.array_at("groups"))
    content.groups.push_back(group_from(group, content.structures));
  if (content.groups.empty()) throw json.at("groups").error("a model file holds at least one group");
  return Model(std::move(content));
}

}  // namespace energylens::discovered
