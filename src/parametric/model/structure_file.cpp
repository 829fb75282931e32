// SPDX-License-Identifier: Apache-2.0
// What the model file of a formula holds. Formulas are read from their postfix text; the infix text is for people.
// Held by structure_file_test.cpp.
#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/expr/text.hpp"
#include "energylens/predictor/file.hpp"
#include "parametric/model/model_file.hpp"
#include "parametric/structure/compiled.hpp"
#include "predictor/wave_features.hpp"

namespace energylens::parametric {
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
                    predictor::number_in_or_unknown(json, "complexity", {0, 1e9}),
                    predictor::number_in_or_unknown(json, "loss", {0, 1e300}),
                    predictor::number_in_or_unknown(json, "cv_mape", {0, 1e300})};
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

/// The formula of a text; anything wrong with it is refused at the place of the text.
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
      throw c.at("sd").error("a standard deviation must be above 0");
    if (out.constants.back().logarithmic && !(out.constants.back().start > 0))
      throw c.at("start").error("the start of a logarithmic constant must be above 0");
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
    throw json.at("joint").error("the energy formula lacks a constant of the time formula");
}

Json structure_target_json(const StructureModel& model, std::size_t group, Metric metric) {
  const StructureFit* const fit = model.fit(group, metric);
  if (!fit) return nullptr;
  Json constants = Json::object();
  for (const FittedParameter& one : model.parameters(group, metric))
    constants[one.name] = Json::object({{"value", one.value}, {"lo", one.lo}, {"hi", one.hi}});
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

std::optional<StructureFit> structure_target_from(const Json& json,
                                                  const std::optional<predictor::Structure>& structure) {
  if (json.is_null()) return std::nullopt;
  if (!structure) throw json.error("constants without a formula");
  StructureFit fit;
  for (const predictor::StructureConstant& c : structure->constants)
    fit.constants.push_back(constant_from(json.at("constants"), c));
  read_fit(json, fit.constants.size(), fit);
  return fit;
}

Json structure_group_json(const StructureModel& model, std::size_t group) {
  Json out = Json::object();
  predictor::add_context(out, model.context(group));
  for (const Metric metric : predictor::kMetrics)
    out[predictor::metric_text(metric)] = structure_target_json(model, group, metric);
  return out;
}

GroupStructure group_from(const Json& json, const predictor::Structures& structures) {
  GroupStructure out;
  static_cast<predictor::GroupContext&>(out) = predictor::context_from(json);
  out.energy = structure_target_from(json.at("energy"), structures.energy);
  out.time = structure_target_from(json.at("time"), structures.time);
  return out;
}

}  // namespace

io::Json StructureModel::json() const {
  Json out = file_head(kind(), content_), groups = Json::array();
  for (std::size_t g = 0; g < content_.groups.size(); ++g) groups.push_back(structure_group_json(*this, g));
  out["joint"] = content_.structures.joint;
  out["energy"] = structure_json(content_.structures.energy, content_.energy_search);
  out["time"] = structure_json(content_.structures.time, content_.time_search);
  out["groups"] = std::move(groups);
  return out;
}

StructureModel StructureModel::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

StructureModel StructureModel::from_json(const io::Json& json) {
  if (predictor::file_kind(json) != "discovered")
    throw json.at("kind").error("unknown kind of model: " + json.text("kind"));
  StructureContent content{record_from(json), {}, {}, {}, {}};
  content.structures.energy = structure_from(json.at("energy"));
  content.structures.time = structure_from(json.at("time"));
  content.structures.joint = json.find("joint") && json.boolean("joint");
  if (content.structures.joint) require_joint(json, content.structures);
  if (!json.at("energy").is_null()) content.energy_search = provenance_from(json.at("energy").at("search"));
  if (!json.at("time").is_null()) content.time_search = provenance_from(json.at("time").at("search"));
  for (const Json& group : groups_of(json)) content.groups.push_back(group_from(group, content.structures));
  StructureModel model(std::move(content));
  require_answers(model, json);
  return model;
}

}  // namespace energylens::parametric
