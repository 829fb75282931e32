// SPDX-License-Identifier: Apache-2.0
// The model file: JSON that people can read and that reads back to the same predictions, bit for bit.
// Held by model_file_test.cpp and structure_file_test.cpp (round trip; truncated, newer and foreign files).
#include "parametric/model/model_file.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/file.hpp"
#include "parametric/structure_model.hpp"

namespace energylens::parametric {

io::Json file_head(std::string_view kind, const FitRecord& record) {
  return io::Json::object({{"format", predictor::kFileFormat},
                           {"schema_version", predictor::kFileVersion},
                           {"kind", kind},
                           {"seed", record.seed},
                           {"data_hash", record.data_hash},
                           {"pooled", record.pooled},
                           {"effective_parameters", record.effective_parameters},
                           {"kv_capacity_flag_tokens", record.flag_capacity_tokens}});
}

FitRecord record_from(const io::Json& json) {
  FitRecord record;
  record.seed = json.unsigned_integer("seed");
  record.data_hash = json.text("data_hash");
  record.pooled = json.boolean("pooled");
  record.effective_parameters = json.number_or_unknown("effective_parameters");
  record.flag_capacity_tokens = json.number_or_unknown("kv_capacity_flag_tokens");
  return record;
}

void read_fit(const io::Json& json, std::size_t parameters, TargetFit& fit) {
  const std::size_t n = parameters * parameters;
  fit.covariance = json.at("covariance").as_numbers();
  const auto finite = [](double value) { return std::isfinite(value); };
  if (fit.covariance.size() != n || !std::ranges::all_of(fit.covariance, finite))
    throw json.at("covariance").error("a covariance has " + std::to_string(n) + " numbers here");
  fit.residual_sd = json.number("residual_sd");
  if (!(fit.residual_sd >= 0))
    throw json.at("residual_sd").error("a standard deviation must not be negative");
  fit.mape = json.number_or_unknown("mape");
  fit.rows = static_cast<std::size_t>(json.unsigned_integer("rows"));
  fit.degrees_of_freedom = json.number("degrees_of_freedom");
  if (!(fit.degrees_of_freedom > 0))
    throw json.at("degrees_of_freedom").error("degrees of freedom must be positive");
  fit.effective_parameters = json.number_or_unknown("effective_parameters");
}

std::span<const io::Json> groups_of(const io::Json& json) {
  const auto& groups = json.array_at("groups");
  if (groups.empty()) throw json.at("groups").error("a model file must contain at least one group");
  return groups;
}

std::unique_ptr<Model> model_from_json(const io::Json& json) {
  if (predictor::file_kind(json) == "discovered")
    return std::make_unique<StructureModel>(StructureModel::from_json(json));
  return std::make_unique<LawModel>(LawModel::from_json(json));
}

}  // namespace energylens::parametric
