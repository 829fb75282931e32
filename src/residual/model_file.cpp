// SPDX-License-Identifier: Apache-2.0
// The model file of a corrected form: that of the form, and the training rows of the process. Held by
// model_file_test.cpp.
#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "energylens/predictor/file.hpp"
#include "residual/corrections_file.hpp"
#include "residual/model.hpp"

namespace energylens::residual {
namespace {

using io::Json;

/// The name that the model file of the form has in this one.
std::string_view member_of(std::string_view kind) {
  return kind == "law+residual" ? "law" : "formula";
}

}  // namespace

std::string CorrectedModel::to_json() const {
  Json out = Json::object(
      {{"format", predictor::kFileFormat}, {"schema_version", predictor::kFileVersion}, {"kind", kind()}});
  out[member_of(kind())] = form_->json();
  out["corrections"] = corrections_json(corrections_);
  return io::print_json(out) + "\n";
}

CorrectedModel CorrectedModel::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

CorrectedModel CorrectedModel::from_json(const io::Json& json) {
  const std::string& kind = predictor::file_kind(json);
  if (kind != "law+residual" && kind != "discovered:power-time+residual")
    throw json.at("kind").error(
        "expected a model of kind law+residual or discovered:power-time+residual, not " + kind);
  std::shared_ptr<const parametric::Model> form = parametric::model_from_json(json.at(member_of(kind)));
  std::vector<std::optional<Correction>> corrections = corrections_from(json.at("corrections"), *form);
  CorrectedModel model(std::move(form), std::move(corrections));
  if (model.kind() != kind)
    throw json.at(member_of(kind)).error("the form does not belong to this kind of model");
  return model;
}

}  // namespace energylens::residual
