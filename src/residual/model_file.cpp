// SPDX-License-Identifier: Apache-2.0
// The model file of a corrected formula: that of the formula, and the rows that teach the process. Held by
// model_file_test.cpp.
#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "energylens/predictor/file.hpp"
#include "energylens/residual/model.hpp"
#include "residual/corrections_file.hpp"
#include "residual/formulas.hpp"

namespace energylens::residual {
namespace {

using io::Json;

constexpr std::string_view kLaw = "law+residual", kPowerTime = "discovered:power-time+residual";

/// `member` is the name that the model file of the formula has in this one.
std::string file_text(const Corrected& model, std::string_view member, Json formula) {
  Json out = Json::object({{"format", predictor::kFileFormat},
                           {"schema_version", predictor::kFileVersion},
                           {"kind", model.kind()}});
  out[member] = std::move(formula);
  out["corrections"] = corrections_json(model.corrections());
  return io::print_json(out) + "\n";
}

void require_kind(const Json& json, std::string_view kind) {
  if (predictor::file_kind(json) != kind)
    throw json.at("kind").error("a " + std::string(kind) + " is needed here, not " + json.text("kind"));
}

}  // namespace

Model::Model(law::Model law, std::vector<std::optional<Correction>> corrections)
    : Model(std::make_shared<const law::Model>(std::move(law)), std::move(corrections)) {}

Model::Model(std::shared_ptr<const law::Model> law, std::vector<std::optional<Correction>> corrections)
    : Corrected(kLaw, formula_of(law), std::move(corrections)), law_(std::move(law)) {}

std::string Model::to_json() const {
  return file_text(*this, "law", law_->json());
}

Model Model::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

Model Model::from_json(const io::Json& json) {
  require_kind(json, kLaw);
  auto law = std::make_shared<const law::Model>(law::Model::from_json(json.at("law")));
  std::vector<std::optional<Correction>> corrections =
      corrections_from(json.at("corrections"), *formula_of(law));
  return {std::move(law), std::move(corrections)};
}

PowerTime::PowerTime(std::shared_ptr<const discovered::Model> formula,
                     std::vector<std::optional<Correction>> corrections)
    : Corrected(kPowerTime, formula_of(formula), std::move(corrections)), formula_(std::move(formula)) {}

std::string PowerTime::to_json() const {
  return file_text(*this, "formula", formula_->json());
}

PowerTime PowerTime::from_json(std::string_view text, const std::string& file) {
  return from_json(io::parse_json(text, file));
}

PowerTime PowerTime::from_json(const io::Json& json) {
  require_kind(json, kPowerTime);
  auto formula = std::make_shared<const discovered::Model>(discovered::Model::from_json(json.at("formula")));
  std::vector<std::optional<Correction>> corrections =
      corrections_from(json.at("corrections"), *formula_of(formula));
  return {std::move(formula), std::move(corrections)};
}

}  // namespace energylens::residual
