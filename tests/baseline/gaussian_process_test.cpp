// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "baseline/baselines.hpp"
#include "energylens/core/rng.hpp"
#include "synthetic_group.hpp"

namespace energylens::baseline {
namespace {

using synthetic::smooth_group;

predictor::TrainingData some_rows(const table::Group& group, std::size_t n) {
  predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  data[0].rows = shuffled_order(3, group.rows.size());
  data[0].rows.resize(n);
  return data;
}

TEST(GaussianProcess, LearnsASmoothFunctionBetweenItsRows) {
  const table::Group group = smooth_group();
  const Fitted fitted = fit_gp(some_rows(group, 70), {});
  double error = 0, inside = 0;
  for (const table::Row& row : group.rows) {
    const predictor::Estimate e = fitted->predict(0, row.config).total_energy_j;
    error += std::abs(std::log(e.value / row.results.total_energy_j));
    inside += e.lo <= row.results.total_energy_j && row.results.total_energy_j <= e.hi ? 1 : 0;
  }
  const double n = static_cast<double>(group.rows.size());
  EXPECT_LT(error / n, 0.08);
  EXPECT_GT(inside / n, 0.8);
}

TEST(GaussianProcess, IntervalsWidenAwayFromTheRows) {
  const table::Group group = smooth_group();
  const Fitted fitted = fit_gp(some_rows(group, 70), {});
  table::Configuration far = group.rows[50].config;
  const predictor::Estimate near = fitted->predict(0, far).total_energy_j;
  far.load.batch = 1e5;
  const predictor::Estimate wide = fitted->predict(0, far).total_energy_j;
  EXPECT_GT(wide.hi / wide.lo, 1.5 * near.hi / near.lo);
}

TEST(GaussianProcess, EnergyPerTokenKeepsTheInterval) {
  const table::Group group = smooth_group();
  const Fitted fitted = fit_gp(some_rows(group, 40), {});
  const table::Configuration& config = group.rows[5].config;
  const predictor::Prediction p = fitted->predict(0, config);
  const double tokens = config.load.batch * config.load.osl;
  EXPECT_NEAR(p.energy_per_out_token_j.lo * tokens, p.total_energy_j.lo, 1e-9 * p.total_energy_j.lo);
  EXPECT_NEAR(p.energy_per_out_token_j.hi * tokens, p.total_energy_j.hi, 1e-9 * p.total_energy_j.hi);
}

TEST(GaussianProcess, ABlankThatItLearnedFromIsUnknown) {
  const table::Group group = smooth_group();
  const Fitted fitted = fit_gp(some_rows(group, 40), {});
  table::Configuration config = group.rows[5].config;
  config.load.isl = kUnknown;
  EXPECT_FALSE(known(fitted->predict(0, config).total_energy_j.value));
}

TEST(GaussianProcess, NothingToLearnFromIsUnknown) {
  table::Group group = smooth_group();
  for (table::Row& row : group.rows) row.results = {};
  const Fitted fitted = fit_gp(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_FALSE(known(fitted->predict(0, group.rows[5].config).total_energy_j.value));
}

}  // namespace
}  // namespace energylens::baseline
