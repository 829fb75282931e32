// SPDX-License-Identifier: Apache-2.0
// The model file: JSON that people can read and that reads back to the same predictions, bit for bit.
// Held by model_file_test.cpp and structure_file_test.cpp (round trip; truncated, newer and foreign files).
#include "parametric/model/model_file.hpp"

#include <algorithm>
#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/parametric/law_model.hpp"
#include "energylens/predictor/file.hpp"
#include "numerics/dense.hpp"
#include "parametric/structure_model.hpp"
#include "predictor/waves.hpp"

namespace energylens::parametric {
namespace {

using predictor::number_in;
using predictor::number_in_or_unknown;

constexpr predictor::Range kCounts{0, 1e12};
constexpr double kGreatestLogVariance = 1e4;

/// Whether the matrix is that of the second moments of something: symmetric, and positive semi-definite up to rounding.
/// Judged by its correlations, because variances differ by many orders of magnitude.
bool is_covariance(const std::vector<double>& c, std::size_t n) {
  constexpr double kRounding = 1e-4;
  std::vector<double> correlations(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    if (!(c[i * n + i] >= 0 && c[i * n + i] <= kGreatestLogVariance)) return false;
    for (std::size_t j = 0; j < n; ++j) {
      const double scale = std::sqrt(c[i * n + i] * c[j * n + j]);
      correlations[i * n + j] = scale > 0 ? (c[i * n + j] + c[j * n + i]) / 2 / scale : 0;
      const bool bounded = std::abs(c[i * n + j]) <= scale * (1 + kRounding);
      if (!bounded || std::abs(c[i * n + j] - c[j * n + i]) > kRounding * scale) return false;
    }
  }
  return n == 0 ||
         numerics::symmetric_eigen(correlations, n).values.front() >= -kRounding * static_cast<double>(n);
}

std::vector<double> covariance_from(const io::Json& json, std::size_t n) {
  std::vector<double> covariance = json.as_numbers();
  if (covariance.size() != n * n ||
      !std::ranges::all_of(covariance, [](double x) { return std::isfinite(x); }))
    throw json.error("a covariance has " + std::to_string(n * n) + " numbers here");
  if (!is_covariance(covariance, n))
    throw json.error(
        "not a covariance: it is symmetric and positive semi-definite, with variances of logarithms");
  return covariance;
}

/// One configuration for each choice of the least and the greatest value of the load, of each layout.
std::vector<table::Configuration> edges_of(const predictor::GroupContext& context) {
  constexpr std::size_t kMostLayouts = 16;
  std::vector<table::Configuration> edges;
  for (const table::Layout& layout :
       std::span(context.domain.layouts).first(std::min(kMostLayouts, context.domain.layouts.size()))) {
    for (unsigned corner = 0; corner < 8; ++corner) {
      const auto pick = [corner](const Range& range, unsigned bit) {
        return corner >> bit & 1 ? range.max : range.min;
      };
      table::Configuration config{layout, {}, kUnknown};
      config.load.batch = pick(context.domain.batch, 0) * predictor::replicas(layout);
      config.load.isl = context.isl_known ? pick(context.domain.isl, 1) : kUnknown;
      config.load.osl = pick(context.domain.osl, 2);
      edges.push_back(config);
    }
  }
  return edges;
}

}  // namespace

void require_answers(const Model& model, const io::Json& json) {
  for (std::size_t group = 0; group < model.groups().size(); ++group) {
    std::size_t asked = 0, energies = 0, times = 0;
    for (const table::Configuration& config : edges_of(model.context(group))) {
      const predictor::Prediction answer = model.predict(group, config);
      if (!answer.valid) continue;
      ++asked;
      energies += known(answer.total_energy_j.value);
      times += known(answer.total_time_s.value);
    }
    const bool silent =
        (energies == 0 && model.fit(group, Metric::energy)) || (times == 0 && model.fit(group, Metric::time));
    if (asked > 0 && silent)
      throw json.array_at("groups")[group].error(
          "the numbers of this group give no plausible energy or time within its own domain");
  }
}

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
  record.effective_parameters = number_in_or_unknown(json, "effective_parameters", kCounts);
  record.flag_capacity_tokens =
      number_in_or_unknown(json, "kv_capacity_flag_tokens", predictor::kTokensInFile);
  return record;
}

void read_fit(const io::Json& json, std::size_t parameters, TargetFit& fit) {
  fit.covariance = covariance_from(json.at("covariance"), parameters);
  fit.residual_sd = number_in(json, "residual_sd", predictor::kLogSdInFile);
  fit.mape = number_in_or_unknown(json, "mape", {0, 1e6});
  fit.rows = static_cast<std::size_t>(json.unsigned_integer("rows"));
  fit.degrees_of_freedom = number_in(json, "degrees_of_freedom", {1e-9, kCounts.max});
  fit.effective_parameters = number_in_or_unknown(json, "effective_parameters", kCounts);
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
