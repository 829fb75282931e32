// SPDX-License-Identifier: Apache-2.0
// Recovery of known laws, and what must not change an answer.
#include "energylens/parametric/fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "energylens/core/error.hpp"
#include "parametric/fit/simulated.hpp"
#include "table/expect_error.hpp"

namespace energylens::parametric {
namespace {

using simulated::all_rows;
using simulated::Design;
using simulated::kEnergy;
using simulated::kTime;
using simulated::question;
using simulated::quick;

/// Loads and layouts between and beyond those of the default design.
std::vector<table::Configuration> elsewhere(double capacity = kUnknown) {
  std::vector<table::Configuration> out;
  for (const std::string_view layout : {"tp1", "tp4", "tp2pp4", "tp8pp2"}) {
    for (const double batch : {1, 5, 30, 60}) out.push_back(question(layout, batch, 300, 200, capacity));
  }
  return out;
}

TEST(Fit, IdlePowerOfTheRowsGoesBeforeTheCatalogues) {
  table::Group group = simulated::group({});
  for (table::Row& row : group.rows) row.results.idle_power_w = 90.0 * row.config.layout.gpus();
  const LawModel model = fit_law(all_rows(group), quick());
  EXPECT_DOUBLE_EQ(model.laws()[0].facts.gpu_idle_w, 90);
}

// What keeps noiseless rows from their law is the beliefs, which are centred elsewhere: 0.4 % with 144 rows.
TEST(Fit, NoiselessRowsGiveBackTheirLaw) {
  const table::Group group = simulated::group({});
  const LawModel model = fit_law(all_rows(group), quick());
  for (const table::Configuration& config : elsewhere()) {
    const predictor::Prediction p = model.predict(0, config);
    const simulated::Parts energy = simulated::job(kEnergy, config),
                           time = simulated::job(kTime, config, false);
    EXPECT_NEAR(p.total_energy_j.value / energy.total(), 1, 5e-3);
    EXPECT_NEAR(p.total_time_s.value / time.total(), 1, 5e-3);
    EXPECT_NEAR(p.prefill_energy_j.value / energy.prefill, 1, 5e-3);
    EXPECT_NEAR(p.decode_energy_j.value / energy.decode, 1, 5e-3);
  }
  const Parameters& found = model.laws()[0].energy->parameters;
  for (std::size_t j = 0; j < kParameters; ++j) {
    const ParameterInfo& info = parameter_infos()[j];
    const double tolerance = info.scale ? 0.02 * kEnergy[j] : info.positive ? 0.05 * kEnergy[j] : 0.01;
    EXPECT_NEAR(found[j], kEnergy[j], tolerance) << parameter_infos()[j].name;
  }
}

TEST(Fit, MoreRowsOutweighTheBeliefs) {
  Design design;
  design.batches = {1, 2, 4, 8, 16, 32, 64, 128};
  design.isls = {16, 64, 256, 1024, 4096};
  design.osls = {32, 128, 512};
  const LawModel model = fit_law(all_rows(simulated::group(design)), quick());
  for (const table::Configuration& config : elsewhere()) {
    EXPECT_NEAR(model.predict(0, config).total_energy_j.value / simulated::job(kEnergy, config).total(), 1,
                1e-3);
  }
}

TEST(Fit, NoisyRowsGiveBackTheirLawNearly) {
  const LawModel model = fit_law(all_rows(simulated::group({}, 0.03)), quick());
  for (const table::Configuration& config : elsewhere()) {
    EXPECT_NEAR(model.predict(0, config).total_energy_j.value / simulated::job(kEnergy, config).total(), 1,
                0.04);
  }
}

TEST(Fit, WavesAreSeenThrough) {
  Design design;
  design.capacity_per_gpu = 3000;
  const LawModel model = fit_law(all_rows(simulated::group(design)), quick());
  for (const table::Configuration& config : elsewhere(2500)) {
    EXPECT_NEAR(model.predict(0, config).total_energy_j.value / simulated::job(kEnergy, config).total(), 1,
                0.01);
  }
}

TEST(Fit, ReplicasAreSeenThrough) {
  Design design;
  design.layouts = {"tp2dp4", "tp4dp2", "tp8", "tp4pp2"};
  const LawModel model = fit_law(all_rows(simulated::group(design)), quick());
  const table::Configuration config = question("tp4dp3", 60, 300, 200);
  EXPECT_NEAR(model.predict(0, config).total_energy_j.value / simulated::job(kEnergy, config).total(), 1,
              0.01);
}

std::vector<double> energies(const LawModel& model) {
  std::vector<double> out;
  for (const table::Configuration& config : Design{}.questions()) {
    out.push_back(model.predict(0, config).total_energy_j.value);
  }
  return out;
}

TEST(Fit, TheOrderOfRowsDoesNotMatter) {
  const table::Group group = simulated::group({}, 0.05);
  table::Group shuffled = group;
  const std::vector<std::size_t> order = shuffled_order(8, group.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) shuffled.rows[i] = group.rows[order[i]];
  const std::vector<double> a = energies(fit_law(all_rows(group), quick())),
                            b = energies(fit_law(all_rows(shuffled), quick()));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i] / b[i], 1, 1e-9);
}

TEST(Fit, TwiceTheJoulesAreTwiceTheScales) {
  const table::Group group = simulated::group({}, 0.05);
  table::Group twice = group;
  for (table::Row& row : twice.rows) {
    for (double* e :
         {&row.results.prefill_energy_j, &row.results.decode_energy_j, &row.results.total_energy_j})
      *e *= 2;
  }
  const LawModel one = fit_law(all_rows(group), quick()), two = fit_law(all_rows(twice), quick());
  for (std::size_t j = 0; j < kParameters; ++j) {
    const double factor = parameter_infos()[j].scale ? 2 : 1,
                 value = factor * one.laws()[0].energy->parameters[j];
    EXPECT_NEAR(two.laws()[0].energy->parameters[j], value, 1e-5 * std::abs(value))
        << parameter_infos()[j].name;
  }
}

TEST(Fit, TheSameSeedGivesTheSameFile) {
  const table::Group group = simulated::group({}, 0.05);
  predictor::FitOptions options;
  options.seed = 5;
  EXPECT_EQ(fit_law(all_rows(group), options).to_json(), fit_law(all_rows(group), options).to_json());
  table::Group other = group;
  other.rows[3].results.decode_energy_j *= 1.001;
  EXPECT_NE(fit_law(all_rows(group), options).record().data_hash,
            fit_law(all_rows(other), options).record().data_hash);
}

TEST(Fit, OnlyTheTargetAskedForIsFitted) {
  const table::Group group = simulated::group({});
  EXPECT_FALSE(fit_law(all_rows(group), quick(predictor::Target::energy)).laws()[0].time);
  EXPECT_FALSE(fit_law(all_rows(group), quick(predictor::Target::time)).laws()[0].energy);
}

TEST(Fit, OnlyTrainingRowsAreSeen) {
  table::Group group = simulated::group({});
  predictor::TrainingData data = all_rows(group);
  data[0].rows.resize(30);
  const std::string before = fit_law(data, quick()).to_json();
  for (std::size_t i = 30; i < group.rows.size(); ++i) group.rows[i].results = {};
  EXPECT_EQ(fit_law(data, quick()).to_json(), before);
}

TEST(Fit, ARowThatCannotRunIsRefusedWithItsPlace) {
  table::Group group = simulated::group({});
  group.rows[5].config.kv_capacity_tokens = 64;
  group.rows[5].file = "h100.csv";
  group.rows[5].line = 12;
  const std::string text = table::error_of([&] { fit_law(all_rows(group), quick()); });
  EXPECT_TRUE(text.starts_with("h100.csv:12:kv_capacity_tokens: ")) << text;
}

TEST(Fit, RowsWithoutAnyTargetAreRefused) {
  table::Group group = simulated::group({});
  for (table::Row& row : group.rows) row.results = {};
  EXPECT_NE(table::error_of([&] { fit_law(all_rows(group), quick()); }), "no error");
  group.rows.clear();
  EXPECT_NE(table::error_of([&] { fit_law(all_rows(group), quick()); }), "no error");
}

TEST(Fit, ExpertsAreReadByShare) {
  table::Group group = simulated::group({});
  group.identity.arch = "moe";
  group.identity.params_b = 100;
  group.identity.active_params_b = 10;
  const LawModel model = fit_law(all_rows(group), quick());
  EXPECT_NEAR(model.laws()[0].facts.expert_share, 0.1, 1e-12);
  EXPECT_GT(model.laws()[0].energy->mape,
            fit_law(all_rows(simulated::group({})), quick()).laws()[0].energy->mape);
}

}  // namespace
}  // namespace energylens::parametric
