// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "numerics/summary.hpp"
#include "residual/stepped.hpp"

namespace energylens::residual {
namespace {

using stepped::drawn;
using stepped::options;
using stepped::Step;

class Predict : public testing::Test {
 protected:
  static double log_width(const predictor::Estimate& e) { return std::log(e.hi / e.lo); }

  table::Group group_ = stepped::group(Step{});
  CorrectedModel model_ = fit(drawn(group_, 60), options());
};

TEST_F(Predict, PhasesAddUpToTheTotal) {
  for (const table::Row& row : group_.rows) {
    const predictor::Prediction p = model_.predict(0, row.config);
    EXPECT_NEAR(p.prefill_energy_j.value + p.decode_energy_j.value, p.total_energy_j.value,
                1e-9 * p.total_energy_j.value);
    EXPECT_NEAR(p.energy_per_out_token_j.value * row.config.load.batch * row.config.load.osl,
                p.total_energy_j.value, 1e-9 * p.total_energy_j.value);
    EXPECT_LT(p.total_energy_j.lo, p.total_energy_j.value);
    EXPECT_GT(p.total_energy_j.hi, p.total_energy_j.value);
  }
}

TEST_F(Predict, TimesAreThoseOfTheLawAndPowerFollowsTheEnergy) {
  const table::Configuration& config = group_.rows[100].config;
  const predictor::Prediction p = model_.predict(0, config), law = model_.form().predict(0, config);
  EXPECT_EQ(p.total_time_s.value, law.total_time_s.value);
  EXPECT_EQ(p.tpot_s.value, law.tpot_s.value);
  EXPECT_EQ(p.ttft_s.hi, law.ttft_s.hi);
  EXPECT_NEAR(p.avg_power_w.value, p.total_energy_j.value / p.total_time_s.value, 1e-9 * p.avg_power_w.value);
  EXPECT_EQ(p.waves, law.waves);
  EXPECT_EQ(p.kv_capacity_source, law.kv_capacity_source);
}

TEST_F(Predict, LogEnergiesWithNoiseAreWhatIntervalsAreMadeOf) {
  std::vector<table::Configuration> configs = {group_.rows[3].config, group_.rows[150].config};
  configs.push_back(configs[0]);
  configs[2].load.osl = 1e6;  // one request needs more than the cache holds
  const LogEnergies all = model_.log_energies(0, configs);
  for (const std::size_t i : {0, 1}) {
    const predictor::Estimate e = model_.predict(0, configs[i]).total_energy_j;
    EXPECT_NEAR(all.mean[i], std::log(e.value), 1e-9);
    const double sd = std::sqrt(all.covariance[i * 3 + i] + all.noise_variance);
    EXPECT_NEAR(2 * 1.6448536269514722 * sd, log_width(e), 1e-9);
    EXPECT_EQ(all.covariance[i * 3 + 2], 0);
  }
  EXPECT_NEAR(all.covariance[1], all.covariance[3], 1e-15);
  EXPECT_FALSE(known(all.mean[2]));
}

TEST_F(Predict, IntervalsCoverRowsThatWereNotSeen) {
  double inside = 0;
  for (const table::Row& row : group_.rows) {
    const predictor::Estimate e = model_.predict(0, row.config).total_energy_j;
    inside += e.lo <= row.results.total_energy_j && row.results.total_energy_j <= e.hi ? 1 : 0;
  }
  EXPECT_NEAR(inside / static_cast<double>(group_.rows.size()), 0.9, 0.07);
}

TEST_F(Predict, IntervalsAreNarrowerThanTheLawsAmongRowsAndNotFarFromThem) {
  std::vector<double> near;
  for (const table::Row& row : group_.rows) {
    near.push_back(log_width(model_.predict(0, row.config).total_energy_j) /
                   log_width(model_.form().predict(0, row.config).total_energy_j));
  }
  EXPECT_LT(numerics::quantile(near, 0.5), 0.9);
  table::Configuration far = group_.rows[0].config;
  far.load.osl = 60000;
  far.kv_capacity_tokens = 1e9;
  far.load.batch = 512;
  EXPECT_GT(log_width(model_.predict(0, far).total_energy_j),
            0.8 * log_width(model_.form().predict(0, far).total_energy_j));
}

TEST_F(Predict, FarFromTheRowsTheValueIsThatOfTheLaw) {
  table::Configuration far = group_.rows[0].config;
  far.load.osl = 1e6;
  far.load.isl = 1e5;
  far.kv_capacity_tokens = 1e9;
  EXPECT_NEAR(
      model_.predict(0, far).total_energy_j.value / model_.form().predict(0, far).total_energy_j.value, 1,
      0.002);
}

TEST_F(Predict, ALayoutThatWasNotMeasuredTakesTheSharedPart) {
  table::Configuration known_layout = group_.rows[100].config, unknown_layout = known_layout;
  unknown_layout.layout = table::parse_layout("tp16");
  const predictor::Prediction p = model_.predict(0, unknown_layout);
  EXPECT_FALSE(p.inside_domain);
  EXPECT_TRUE(p.total_energy_j.value > 0);
  EXPECT_GT(log_width(p.total_energy_j), log_width(model_.predict(0, known_layout).total_energy_j));
}

TEST_F(Predict, ReplicasOfALayoutAreCorrectedAlike) {
  table::Configuration one = group_.rows[100].config, two = one;
  two.layout.dp = 2;
  two.load.batch = 2 * one.load.batch;
  EXPECT_NEAR(model_.predict(0, two).total_energy_j.value, 2 * model_.predict(0, one).total_energy_j.value,
              1e-9 * model_.predict(0, two).total_energy_j.value);
}

TEST_F(Predict, NotOneRequestFitsIsNoAnswer) {
  table::Configuration config = group_.rows[100].config;
  config.kv_capacity_tokens = 10;
  const predictor::Prediction p = model_.predict(0, config);
  EXPECT_FALSE(p.valid);
  EXPECT_FALSE(known(p.total_energy_j.value));
}

TEST_F(Predict, DrawsHaveTheQuantilesOfTheInterval) {
  const std::vector<table::Configuration> configs = {group_.rows[100].config, group_.rows[200].config};
  constexpr std::size_t kDraws = 4000;
  const std::vector<double> draws = model_.draw(0, configs, kDraws, 3);
  ASSERT_EQ(draws.size(), kDraws * configs.size());
  for (std::size_t c = 0; c < configs.size(); ++c) {
    std::vector<double> own;
    for (std::size_t i = 0; i < kDraws; ++i) own.push_back(draws[i * configs.size() + c]);
    const predictor::Estimate e = model_.predict(0, configs[c]).total_energy_j;
    EXPECT_NEAR(std::log(numerics::quantile(own, 0.05) / e.lo), 0, 0.1 * log_width(e));
    EXPECT_NEAR(std::log(numerics::quantile(own, 0.50) / e.value), 0, 0.1 * log_width(e));
    EXPECT_NEAR(std::log(numerics::quantile(own, 0.95) / e.hi), 0, 0.1 * log_width(e));
  }
}

TEST_F(Predict, DrawsOfNeighboursMoveTogether) {
  table::Configuration here = group_.rows[100].config, next = here, far = here;
  here.load.osl = next.load.osl = 3000;  // beyond the rows, where the process does not know
  here.kv_capacity_tokens = next.kv_capacity_tokens = 1e9;
  next.load.batch += 1;
  far.load.batch = 2;
  const std::vector<table::Configuration> configs = {here, next, far};
  constexpr std::size_t kDraws = 2000;
  const std::vector<double> draws = model_.draw(0, configs, kDraws, 4);
  const auto correlation = [&](std::size_t a, std::size_t b) {
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
    for (std::size_t i = 0; i < kDraws; ++i) {
      const double x = std::log(draws[i * 3 + a]), y = std::log(draws[i * 3 + b]);
      sa += x, sb += y, saa += x * x, sbb += y * y, sab += x * y;
    }
    const double n = static_cast<double>(kDraws);
    return (n * sab - sa * sb) / std::sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
  };
  EXPECT_GT(correlation(0, 1), 0.5);
  EXPECT_LT(std::abs(correlation(0, 2)), 0.3);
}

TEST_F(Predict, TheSameSeedDrawsTheSame) {
  const std::vector<table::Configuration> configs = {group_.rows[3].config};
  EXPECT_EQ(model_.draw(0, configs, 5, 9), model_.draw(0, configs, 5, 9));
  EXPECT_NE(model_.draw(0, configs, 5, 9), model_.draw(0, configs, 5, 10));
}

TEST_F(Predict, DrawsOfWhatCannotBeAnsweredAreUnknown) {
  table::Configuration impossible = group_.rows[3].config;
  impossible.kv_capacity_tokens = 10;
  const std::vector<double> draws = model_.draw(0, std::vector{impossible, group_.rows[3].config}, 2, 1);
  ASSERT_EQ(draws.size(), 4u);
  EXPECT_FALSE(known(draws[0]));
  EXPECT_TRUE(known(draws[1]));
  EXPECT_FALSE(known(draws[2]));
}

}  // namespace
}  // namespace energylens::residual
