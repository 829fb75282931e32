// SPDX-License-Identifier: Apache-2.0
// The process around a formula of discovery instead of the law.
#include <gtest/gtest.h>

#include <cmath>

#include "energylens/discovered/fit.hpp"
#include "stepped.hpp"

namespace energylens::residual {
namespace {

using stepped::drawn;
using stepped::mape;
using stepped::options;

class AroundPowerTime : public testing::Test {
 protected:
  table::Group group_ = stepped::group(stepped::Step{});
  model::TrainingData rows_ = drawn(group_, 60);
  Corrected corrected_ = fit_power_time(rows_, options());
  discovered::Model alone_ = discovered::fit_power_time(rows_, options());
};

TEST_F(AroundPowerTime, LearnsTheStepThatTheFormulaCannotTake) {
  EXPECT_LT(mape(corrected_, group_), 0.6 * mape(alone_, group_));
}

TEST_F(AroundPowerTime, TimesAreThoseOfTheFormulaAndPhasesAddUp) {
  for (const table::Row& row : group_.rows) {
    const model::Prediction said = corrected_.predict(0, row.config), was = alone_.predict(0, row.config);
    EXPECT_EQ(said.total_time_s.value, was.total_time_s.value);
    EXPECT_NEAR(said.prefill_energy_j.value + said.decode_energy_j.value, said.total_energy_j.value,
                1e-9 * said.total_energy_j.value);
  }
}

TEST_F(AroundPowerTime, FarFromTheRowsItIsTheFormula) {
  table::Configuration far = group_.rows[100].config;
  far.load.osl = 4e6;
  far.load.batch = 1;
  far.kv_capacity_tokens = 1e9;
  EXPECT_NEAR(corrected_.predict(0, far).total_energy_j.value / alone_.predict(0, far).total_energy_j.value,
              1, 1e-3);
}

TEST_F(AroundPowerTime, DrawsAreSpreadAroundThePrediction) {
  const std::vector<table::Configuration> one = {group_.rows[30].config};
  const std::vector<double> draws = corrected_.draw(0, one, 2000, 7);
  double mean = 0;
  for (const double draw : draws) mean += std::log(draw) / 2000;
  const model::Estimate said = corrected_.predict(0, one[0]).total_energy_j;
  EXPECT_NEAR(mean, std::log(said.value), 0.1 * std::log(said.hi / said.lo));
}

}  // namespace
}  // namespace energylens::residual
