// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "baseline/baselines.hpp"
#include "synthetic_group.hpp"

namespace energylens::baseline {
namespace {

using synthetic::group_of;
using synthetic::job;
using synthetic::Lengths;

template <typename Energy>
table::Group measured(const Energy& energy) {
  std::vector<table::Row> rows;
  for (const double batch : {1, 3, 9}) {
    for (const double isl : {16, 256, 1024}) {
      for (const double osl : {32, 128, 700}) {
        for (const char* layout : {"tp2", "tp4pp2"}) {
          table::Row row = job(layout, batch, {isl, osl}, 1);
          row.results.total_energy_j = energy(row.config);
          rows.push_back(row);
        }
      }
    }
  }
  return group_of(std::move(rows));
}

double predicted(const Fitted& fitted, const table::Configuration& config) {
  return fitted->predict(0, config).scenario_energy(config.load.kind).value;
}

table::Configuration asked(const char* layout, double batch, Lengths lengths) {
  return job(layout, batch, lengths, 1).config;
}

TEST(Wilkins, RecoversItsOwnCoefficients) {
  const auto energy = [](const table::Configuration& c) {
    const double isl = c.load.isl, osl = c.load.osl;
    return c.load.batch * (c.layout.tp == 2 ? 0.2 * isl + 3 * osl + 1e-3 * isl * osl : 0.1 * isl + 5 * osl);
  };
  const table::Group group = measured(energy);
  const Fitted fitted = fit_wilkins(predictor::all_rows(std::span(&group, 1)), {});
  for (const char* layout : {"tp2", "tp4pp2"}) {
    const table::Configuration config = asked(layout, 5, {100, 1000});
    EXPECT_NEAR(predicted(fitted, config) / energy(config), 1, 1e-9) << layout;
  }
}

TEST(Wilkins, KnowsOnlyLayoutsItHasSeen) {
  const table::Group group = measured([](const table::Configuration& c) { return c.load.osl; });
  const Fitted fitted = fit_wilkins(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_FALSE(known(predicted(fitted, asked("tp8", 1, {16, 32}))));
}

TEST(Wilkins, SteadyRowsWithoutIslCostPerToken) {
  const table::Group group =
      group_of({synthetic::steady("tp2", 3, 4, 0.5, 0.02), synthetic::steady("tp2", 6, 8, 0.5, 0.03)});
  const Fitted fitted = fit_wilkins(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_NEAR(predicted(fitted, group.rows[0].config), 0.5, 1e-9);
}

TEST(Sweetspot, RecoversItsOwnCoefficients) {
  const auto energy = [](const table::Configuration& c) {
    const double isl = c.load.isl, osl = c.load.osl;
    return c.load.batch * (0.2 * isl + 1e-4 * isl * isl + 2 * osl + 1e-3 * isl * osl + 5e-4 * osl * osl);
  };
  const table::Group group = measured(energy);
  const Fitted fitted = fit_sweetspot(predictor::all_rows(std::span(&group, 1)), {});
  const table::Configuration config = asked("tp2", 5, {2048, 2000});
  EXPECT_NEAR(predicted(fitted, config) / energy(config), 1, 1e-6);
}

TEST(Sweetspot, RisesWithBothLengthsWhateverTheData) {
  const table::Group group =
      measured([](const table::Configuration& c) { return 1e5 / c.load.osl / c.load.isl; });
  const Fitted fitted = fit_sweetspot(predictor::all_rows(std::span(&group, 1)), {});
  double last = 0;
  for (const double length : {1, 10, 100, 1000, 10000}) {
    const double energy = predicted(fitted, asked("tp2", 1, {length, length}));
    EXPECT_GT(energy, last);
    last = energy;
  }
}

TEST(LogLinear, RecoversAPowerLaw) {
  const auto energy = [](const table::Configuration& c) {
    return 7 * std::pow(c.load.batch, 0.6) * std::pow(c.load.isl + 1, 0.1) * c.load.osl *
           std::pow(c.layout.pp, 0.5);
  };
  const table::Group group = measured(energy);
  const Fitted fitted = fit_loglinear(predictor::all_rows(std::span(&group, 1)), {});
  const table::Configuration config = asked("tp4pp2", 20, {64, 2000});
  EXPECT_NEAR(predicted(fitted, config) / energy(config), 1, 1e-4);
}

TEST(LogLinear, PooledGroupsShareSlopesAndKeepTheirLevel) {
  const auto energy = [](const table::Configuration& c) { return std::pow(c.load.batch, 0.6) * c.load.osl; };
  const table::Group whole = measured(energy);
  table::Group single = group_of({whole.rows[0]}, "Other");
  single.rows[0].results.total_energy_j *= 3;
  const std::vector<table::Group> groups = {whole, single};
  predictor::FitOptions options;
  options.pool = true;
  const Fitted fitted = fit_loglinear(predictor::all_rows(groups), options);
  const table::Configuration config = asked("tp2", 8, {16, 300});
  EXPECT_NEAR(fitted->predict(1, config).total_energy_j.value / (3 * energy(config)), 1, 1e-3);
}

TEST(Nearest, TakesTheNearestOfTheSameLayout) {
  const table::Group group =
      group_of({job("tp2", 1, {1, 100}, 50), job("tp2", 16, {1, 100}, 200), job("tp8", 8, {1, 100}, 999)});
  const Fitted fitted = fit_nearest(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_DOUBLE_EQ(predicted(fitted, asked("tp2", 8, {1, 100})), 200);
  EXPECT_DOUBLE_EQ(predicted(fitted, asked("tp2", 3, {1, 200})), 100) << "energy follows the output length";
  EXPECT_FALSE(known(predicted(fitted, asked("tp4", 8, {1, 100}))));
}

TEST(Analytic, AGroupMayHoldBothKindsOfRows) {
  const table::Group group =
      group_of({job("tp2", 4, {1, 500}, 1e4), synthetic::steady("tp2", 3, 4, 0.5, 0.02)});
  const predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  for (const auto fit : {fit_wilkins, fit_sweetspot, fit_loglinear, fit_nearest}) {
    const Fitted fitted = fit(data, {});
    EXPECT_NEAR(predicted(fitted, group.rows[0].config), 1e4, 1) << fitted->kind();
    EXPECT_NEAR(predicted(fitted, group.rows[1].config), 0.5, 1e-4) << fitted->kind();
  }
}

}  // namespace
}  // namespace energylens::baseline
