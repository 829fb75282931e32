// SPDX-License-Identifier: Apache-2.0
// kinds.cpp: the table of predictors. To add one, write a class that keeps predictor::Predictor and a row
// here; the contract suite (contract_test.cpp) then runs for it.
#include "energylens/registry/kinds.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "baseline/baselines.hpp"
#include "core/file.hpp"
#include "core/named_table.hpp"
#include "discovery/search_and_fit.hpp"
#include "energylens/core/error.hpp"
#include "energylens/io/json.hpp"
#include "energylens/parametric/fit.hpp"
#include "energylens/predictor/file.hpp"
#include "parametric/structure_fit.hpp"
#include "residual/fit.hpp"

namespace energylens::registry {
namespace {

std::unique_ptr<predictor::Predictor> fit_law(const predictor::TrainingData& data,
                                              const predictor::FitOptions& options) {
  return std::make_unique<parametric::LawModel>(parametric::fit_law(data, options));
}

std::unique_ptr<predictor::Predictor> fit_law_with_fitted_capacity(const predictor::TrainingData& data,
                                                                   const predictor::FitOptions& options) {
  return std::make_unique<parametric::LawModel>(
      parametric::fit_law(data, options, parametric::CapacityMode::fitted));
}

std::unique_ptr<predictor::Predictor> fit_law_with_residual(const predictor::TrainingData& data,
                                                            const predictor::FitOptions& options) {
  return std::make_unique<residual::CorrectedModel>(residual::fit(data, options));
}

std::unique_ptr<predictor::Predictor> fit_discovered(const predictor::TrainingData& data,
                                                     const predictor::FitOptions& options) {
  return std::make_unique<parametric::StructureModel>(parametric::fit_structures(data, options));
}

std::unique_ptr<predictor::Predictor> fit_discovered_anew(const predictor::TrainingData& data,
                                                          const predictor::FitOptions& options) {
  return std::make_unique<parametric::StructureModel>(discovery::search_and_fit(data, options));
}

std::unique_ptr<predictor::Predictor> fit_power_time(const predictor::TrainingData& data,
                                                     const predictor::FitOptions& options) {
  return std::make_unique<parametric::StructureModel>(parametric::fit_power_time(data, options));
}

std::unique_ptr<predictor::Predictor> fit_power_time_with_residual(const predictor::TrainingData& data,
                                                                   const predictor::FitOptions& options) {
  return std::make_unique<residual::CorrectedModel>(residual::fit_power_time(data, options));
}

// name, sentence, predicts_energy, sees_all_training_scenarios, sees_measured_time, fit
constexpr std::array kKinds = {
    Kind{"law", "the twelve-parameter law with known KV capacities", true, false, false, fit_law},
    Kind{"law:fitted-capacity", "the law with KV capacities read from the training rows alone", true, false,
         false, fit_law_with_fitted_capacity},
    Kind{"law+residual", "the law times a Gaussian process of its residuals per wave", true, false, false,
         fit_law_with_residual},
    Kind{"discovered", "a formula found by discovery, with constants fitted", true, false, false,
         fit_discovered},
    Kind{"discovered:anew", "a formula discovered in the training rows alone", true, false, false,
         fit_discovered_anew},
    Kind{"discovered:power-time", "power times time from specifications, one form for both", true, false,
         false, fit_power_time},
    Kind{"discovered:power-time+residual",
         "power times time, times a Gaussian process of its residuals per wave", true, false, false,
         fit_power_time_with_residual},
    Kind{"majority", "the layout that wins most training scenarios", false, true, false,
         baseline::fit_majority},
    Kind{"fewest-gpus", "the layout with the fewest GPUs, ties by majority", false, true, false,
         baseline::fit_fewest_gpus},
    Kind{"threshold", "the best cut in batch between the two commonest winners; a second wave loses", false,
         true, false, baseline::fit_threshold},
    Kind{"latency", "the layout with the least measured time", false, false, true, baseline::fit_latency},
    Kind{"wilkins", "per layout, energy per request linear in isl, osl and isl*osl", true, false, false,
         baseline::fit_wilkins},
    Kind{"sweetspot", "per layout, energy per request from transformer complexity", true, false, false,
         baseline::fit_sweetspot},
    Kind{"loglinear", "log energy linear in log batch, lengths and degrees", true, false, false,
         baseline::fit_loglinear},
    Kind{"nearest", "the nearest training row of the same layout in log load", true, false, false,
         baseline::fit_nearest},
    Kind{"forest", "random forest on log features", true, false, false, baseline::fit_forest},
    Kind{"xgboost", "gradient-boosted trees on log features", true, false, false, baseline::fit_xgboost},
    Kind{"xgboost:quantile", "xgboost with intervals from boosted quantiles", true, false, false,
         baseline::fit_xgboost_quantile},
    Kind{"gp", "Gaussian process on log features", true, false, false, baseline::fit_gp},
    Kind{"forest+waves", "random forest with wave features and a target per full wave", true, false, false,
         baseline::fit_forest_waves},
    Kind{"xgboost+waves", "gradient-boosted trees with wave features and a target per full wave", true, false,
         false, baseline::fit_xgboost_waves},
};

constexpr bool names_differ() {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (kKinds[i].name == kKinds[j].name) return false;
    }
  }
  return true;
}
static_assert(names_differ(), "two predictors of one name");

}  // namespace

std::span<const Kind> kinds() {
  return kKinds;
}

const Kind& find_kind(std::string_view name) {
  return find_named(kKinds, name, "predictor");
}

std::unique_ptr<predictor::Predictor> load(const std::string& path) {
  return load(read_file(path), path);
}

std::unique_ptr<predictor::Predictor> load(std::string_view text, const std::string& file) {
  const io::Json json = io::parse_json(text, file);
  const std::string& kind = predictor::file_kind(json);
  if (kind.ends_with("+residual"))
    return std::make_unique<residual::CorrectedModel>(residual::CorrectedModel::from_json(json));
  return parametric::model_from_json(json);
}

}  // namespace energylens::registry
