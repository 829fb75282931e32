// SPDX-License-Identifier: Apache-2.0
#include "parametric/structure_model.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "numerics/summary.hpp"
#include "parametric/structure/structures.hpp"
#include "predictor/chances.hpp"

namespace energylens::parametric {
namespace {

const StructureModel& fitted() {
  static const predictor::Structures kStructures = smooth_structures();
  static const table::Group kGroup = noisy_group(0.02);
  static const StructureModel kModel =
      fit_structures(predictor::all_rows(std::span(&kGroup, 1)), options_with(kStructures));
  return kModel;
}

table::Configuration job(const char* layout, double batch, double isl = 32, double osl = 512) {
  return synthetic::job(layout, batch, {isl, osl}, 1).config;
}

TEST(DiscoveredModel, PhasesAddUpAndWavesAreThoseOfTheRows) {
  const predictor::Prediction p = fitted().predict(0, job("tp8", 200, 512, 512));
  EXPECT_EQ(p.kv_capacity_source, predictor::CapacitySource::column);
  EXPECT_EQ(p.kv_capacity_tokens, 48000);
  EXPECT_EQ(p.waves, 5);  // 46 requests of 1,024 tokens at once
  EXPECT_NEAR(p.prefill_energy_j.value + p.decode_energy_j.value, p.total_energy_j.value,
              1e-6 * p.total_energy_j.value);
  EXPECT_NEAR(p.energy_per_out_token_j.value * 200 * 512, p.total_energy_j.value,
              1e-6 * p.total_energy_j.value);
  EXPECT_LT(p.total_energy_j.lo, p.total_energy_j.value);
  EXPECT_NEAR(p.avg_power_w.value, p.total_energy_j.value / p.total_time_s.value, 1e-9 * p.avg_power_w.value);
}

TEST(DiscoveredModel, AJobIsTheSumOfItsWavesAndReplicas) {
  const double whole = fitted().predict(0, job("tp8", 46, 512, 512)).total_energy_j.value;
  const double rest = fitted().predict(0, job("tp8", 16, 512, 512)).total_energy_j.value;
  EXPECT_NEAR(fitted().predict(0, job("tp8", 200, 512, 512)).total_energy_j.value, 4 * whole + rest,
              1e-6 * whole);
  const predictor::Prediction two = fitted().predict(0, job("tp8dp2", 32, 512, 512));
  EXPECT_NEAR(two.total_energy_j.value, 2 * rest, 1e-6 * rest);
  EXPECT_TRUE(two.inside_domain);
}

TEST(DiscoveredModel, LatenciesOfOneWaveAreItsPhases) {
  const predictor::Prediction p = fitted().predict(0, job("tp4", 8));
  EXPECT_NEAR(p.ttft_s.value + p.tpot_s.value * 511, p.total_time_s.value, 1e-9 * p.total_time_s.value);
  const predictor::Prediction later = fitted().predict(0, job("tp8", 200, 512, 512));
  EXPECT_GT(later.ttft_s.value, 0.3 * later.total_time_s.value) << "later waves wait for earlier ones";
}

TEST(DiscoveredModel, SaysWhatLiesOutsideItsDomain) {
  const predictor::Prediction p = fitted().predict(0, job("tp2", 500));
  EXPECT_FALSE(p.inside_domain);
  EXPECT_EQ(p.outside, "layout tp2 was not measured; batch 500 is outside the fitted 1 to 64");
}

TEST(DiscoveredModel, WithoutPrefillOrTimeItStatesWhatItCan) {
  predictor::Structures structures = smooth_structures(false);
  structures.energy->prefill.reset();
  const table::Group group = noisy_group(0.02);
  const StructureModel model =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures));
  const predictor::Prediction p = model.predict(0, job("tp4", 8));
  EXPECT_TRUE(known(p.total_energy_j.value));
  for (const double unknown : {p.prefill_energy_j.value, p.decode_energy_j.value, p.total_time_s.value,
                               p.ttft_s.value, p.tpot_s.value, p.avg_power_w.value}) {
    EXPECT_FALSE(known(unknown));
  }
  using predictor::Quantity;
  EXPECT_TRUE(model.states(0, Quantity::energy));
  EXPECT_FALSE(model.states(0, Quantity::time));
  EXPECT_FALSE(model.states(0, Quantity::tpot));
  for (const Quantity q : {Quantity::energy, Quantity::time, Quantity::ttft, Quantity::tpot})
    EXPECT_TRUE(fitted().states(0, q));
}

TEST(DiscoveredModel, NotOneRequestThatFitsIsNoAnswer) {
  table::Configuration config = job("tp4", 8);
  config.kv_capacity_tokens = 100;
  const predictor::Prediction p = fitted().predict(0, config);
  EXPECT_FALSE(p.valid);
  EXPECT_FALSE(known(p.total_energy_j.value));
}

TEST(DiscoveredModel, DrawsAreJointAndAsWideAsTheIntervals) {
  const std::vector<table::Configuration> configs = {job("tp8", 8), job("tp8", 8), job("tp2pp2", 30)};
  const std::size_t n = 4000;
  const std::vector<double> draws = fitted().draw(0, configs, n, 3);
  ASSERT_EQ(draws.size(), n * 3);
  EXPECT_EQ(draws, fitted().draw(0, configs, n, 3));
  const predictor::Estimate e = fitted().predict(0, configs[2]).total_energy_j;
  std::vector<double> third;
  for (std::size_t i = 0; i < n; ++i) third.push_back(draws[3 * i + 2]);
  EXPECT_NEAR(numerics::quantile(third, 0.05) / e.lo, 1, 0.01);
  EXPECT_NEAR(numerics::quantile(third, 0.95) / e.hi, 1, 0.01);
  // Equal configurations share their constants and half of what rows differ by.
  const std::vector<double> chances = predictor::chances_best(draws, 3);
  EXPECT_NEAR(chances[0] + chances[1], 1, 0.02);
  EXPECT_NEAR(chances[0], 0.5, 0.05);
}

TEST(DiscoveredModel, UnansweredConfigurationsAreUnknownInDraws) {
  std::vector<table::Configuration> configs = {job("tp8", 8), job("tp8", 8)};
  configs[0].kv_capacity_tokens = 100;
  const std::vector<double> draws = fitted().draw(0, configs, 10, 3);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_FALSE(known(draws[2 * i]));
    EXPECT_TRUE(known(draws[2 * i + 1]));
  }
}

TEST(DiscoveredModel, AQuestionAboutIslWhereRowsHadNoneIsRefused) {
  table::Group group = noisy_group(0.02);
  for (table::Row& row : group.rows) row.config.load.isl = kUnknown;
  const predictor::Structures structures = smooth_structures(false);
  const StructureModel model =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures));
  EXPECT_THROW(model.predict(0, job("tp8", 8)), Error);
  table::Configuration config = job("tp8", 8);
  config.load.isl = kUnknown;
  EXPECT_TRUE(known(model.predict(0, config).total_energy_j.value));
}

TEST(Joined, HoldsEnergyAndTime) {
  const table::Group group = noisy_group(0.02);
  predictor::Structures energy = smooth_structures(), time = smooth_structures();
  energy.time.reset();
  time.energy.reset();
  const auto data = predictor::all_rows(std::span(&group, 1));
  const StructureModel one = fit_structures(data, options_with(energy)),
                       other = fit_structures(data, options_with(time));
  for (const StructureModel& both : {joined(one, other), joined(other, one)}) {
    EXPECT_EQ(both.predict(0, job("tp4", 8)).total_energy_j.value,
              one.predict(0, job("tp4", 8)).total_energy_j.value);
    EXPECT_EQ(both.predict(0, job("tp4", 8)).tpot_s.value, other.predict(0, job("tp4", 8)).tpot_s.value);
  }
  EXPECT_THROW(joined(one, one), Error);
  const table::Group foreign = noisy_group(0.02, 1, "Another");
  EXPECT_THROW(joined(one, fit_structures(predictor::all_rows(std::span(&foreign, 1)), options_with(time))),
               Error);
}

}  // namespace
}  // namespace energylens::parametric
