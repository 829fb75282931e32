// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/capacity_fit.hpp"

#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

constexpr double kEstimate = 50000;

/// Rows whose waves follow from 36000 (tp8) and 75000 (tp4pp2) tokens, which the rows do not state.
table::Group secret_capacities(double noise) {
  Rng rng(11);
  std::vector<table::Row> rows;
  for (const auto& [layout, capacity] : {std::pair{"tp8", 36000.0}, std::pair{"tp4pp2", 75000.0}}) {
    for (const double batch : {1, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96}) {
      for (const double osl : {512, 1024, 1536}) {
        const table::Configuration config = simulated::question(layout, batch, 128, osl, capacity);
        rows.push_back(simulated::measured(config, simulated::kEnergy, simulated::kTime, noise, false, rng));
        rows.back().config.kv_capacity_tokens = kUnknown;
      }
    }
  }
  return synthetic::group_of(std::move(rows));
}

predictor::FitOptions with_estimate() {
  predictor::FitOptions options = simulated::quick();
  options.kv_capacity_tokens = kEstimate;
  return options;
}

TEST(CapacityFit, FindsTheCapacitiesBehindTheWaves) {
  const table::Group group = secret_capacities(0.02);
  const LawModel model = fit_law(simulated::all_rows(group), with_estimate(), CapacityMode::fitted);
  const GroupLaw& law = model.laws()[0];
  ASSERT_EQ(law.fitted_capacity.size(), 2u);
  for (const auto& [layout, tokens] : law.fitted_capacity) {
    EXPECT_NEAR(tokens / (layout.tp == 8 ? 36000 : 75000), 1, 0.1) << table::layout_text(layout);
  }
  EXPECT_NEAR(law.capacity_factor, std::sqrt(36000.0 * 75000) / kEstimate, 0.1);
}

TEST(CapacityFit, PredictionsUseThem) {
  const table::Group group = secret_capacities(0.02);
  const LawModel fitted = fit_law(simulated::all_rows(group), with_estimate(), CapacityMode::fitted);
  const table::Configuration asked = simulated::question("tp8", 90, 128, 1024);
  const table::Configuration truth = simulated::question("tp8", 90, 128, 1024, 36000);
  const predictor::Prediction p = fitted.predict(0, asked);
  EXPECT_EQ(p.kv_capacity_source, predictor::CapacitySource::fitted);
  EXPECT_EQ(p.waves, predictor::waves(truth).count());
  EXPECT_NEAR(p.total_energy_j.value / simulated::job(simulated::kEnergy, truth).total(), 1, 0.05);
  const predictor::Prediction other = fitted.predict(0, simulated::question("tp2", 4, 128, 512));
  EXPECT_NEAR(other.kv_capacity_tokens, kEstimate * fitted.laws()[0].capacity_factor, 1e-6);
}

TEST(CapacityFit, FitsBetterThanTheWrongEstimate) {
  const table::Group group = secret_capacities(0.02);
  const LawModel fitted = fit_law(simulated::all_rows(group), with_estimate(), CapacityMode::fitted);
  const LawModel wrong = fit_law(simulated::all_rows(group), with_estimate(), CapacityMode::known);
  EXPECT_LT(fitted.laws()[0].energy->mape, 0.5 * wrong.laws()[0].energy->mape);
  EXPECT_GT(fitted.effective_parameters(), wrong.laws()[0].energy->effective_parameters);
}

TEST(CapacityFit, TheStatedColumnIsNotLookedAt) {
  table::Group silent = secret_capacities(0.02), lying = silent;
  for (table::Row& row : lying.rows) row.config.kv_capacity_tokens = 1e6;
  const LawModel a = fit_law(simulated::all_rows(silent), with_estimate(), CapacityMode::fitted);
  const LawModel b = fit_law(simulated::all_rows(lying), with_estimate(), CapacityMode::fitted);
  EXPECT_EQ(a.laws()[0].fitted_capacity, b.laws()[0].fitted_capacity);
}

TEST(CapacityFit, WithoutAnEstimateCapacityIsUnlimited) {
  const table::Group group = secret_capacities(0.02);
  const LawModel model = fit_law(simulated::all_rows(group), simulated::quick(), CapacityMode::fitted);
  EXPECT_TRUE(model.laws()[0].fitted_capacity.empty());
  EXPECT_EQ(model.predict(0, simulated::question("tp8", 90, 128, 1024)).kv_capacity_source,
            predictor::CapacitySource::unlimited);
}

}  // namespace
}  // namespace energylens::parametric
