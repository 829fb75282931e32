// SPDX-License-Identifier: Apache-2.0
#include "residual/fit.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/error.hpp"
#include "residual/stepped.hpp"

namespace energylens::residual {
namespace {

using stepped::drawn;
using stepped::mape;
using stepped::options;
using stepped::Step;

TEST(Fit, LearnsAStepThatTheLawCannotTake) {
  const table::Group group = stepped::group(Step{});
  const predictor::TrainingData data = drawn(group, 80);
  const double law = mape(parametric::fit_law(data, options()), group),
               both = mape(fit(data, options()), group);
  EXPECT_GT(law, 0.009);
  EXPECT_LT(both, 0.6 * law);
}

TEST(Fit, IsTheLawWhereTheLawIsRight) {
  const table::Group group = stepped::group(Step{12, 0});
  const predictor::TrainingData data = drawn(group, 50);
  EXPECT_LT(mape(fit(data, options()), group), 0.005);
}

TEST(Fit, RowsOfSeveralWavesTeachTheLawOfOneWave) {
  // No row of one wave beyond the step is seen; rows of two waves hold one full wave beyond it.
  const table::Group group = stepped::group(Step{36, 0.12});
  predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  const auto waves_of = [&](std::size_t r) { return predictor::waves(group.rows[r].config); };
  std::erase_if(data[0].rows, [&](std::size_t r) {
    return waves_of(r).count() == 1 && group.rows[r].config.load.batch >= 36;
  });
  const parametric::LawModel law = parametric::fit_law(data, options());
  const CorrectedModel both = fit(data, options());
  double law_error = 0, error = 0;
  for (const table::Row& row : group.rows) {
    if (predictor::waves(row.config).count() != 1 || row.config.load.batch < 36) continue;
    law_error +=
        std::abs(std::log(law.predict(0, row.config).total_energy_j.value / row.results.total_energy_j));
    error +=
        std::abs(std::log(both.predict(0, row.config).total_energy_j.value / row.results.total_energy_j));
  }
  EXPECT_LT(error, 0.5 * law_error);
}

TEST(Fit, AMislabelledRowIsLeftOut) {
  table::Group group = stepped::group(Step{});
  predictor::TrainingData data = drawn(group, 60);
  const double sound = mape(fit(data, options()), group);
  table::Group spoilt = group;
  for (const std::size_t r : {data[0].rows[7], data[0].rows[31]})
    spoilt.rows[r].results.total_energy_j *= 1.5;
  data[0].group = &spoilt;
  const CorrectedModel model = fit(data, options());
  EXPECT_GE(model.corrections()[0]->left_out, 2u);
  EXPECT_LT(mape(model, group), 1.4 * sound);
}

TEST(Fit, EveryGroupHasItsOwnCorrection) {
  const std::vector<table::Group> groups = {stepped::group(Step{12, 0.10}),
                                            stepped::group(Step{40, -0.08}, 0.003, 2)};
  for (const bool pool : {false, true}) {
    predictor::FitOptions pooled = options();
    pooled.pool = pool;
    const CorrectedModel model = fit(predictor::all_rows(groups), pooled);
    ASSERT_EQ(model.corrections().size(), 2u);
    for (std::size_t g = 0; g < 2; ++g) {
      double error = 0;
      for (const table::Row& row : groups[g].rows) {
        error += std::abs(
            std::log(model.predict(g, row.config).total_energy_j.value / row.results.total_energy_j));
      }
      EXPECT_LT(error / static_cast<double>(groups[g].rows.size()), 0.01) << (pool ? "pooled" : "alone");
    }
  }
}

TEST(Fit, AGroupWithoutEnergiesKeepsItsLawOfTime) {
  table::Group group = stepped::group(Step{});
  for (table::Row& row : group.rows) row.results.total_energy_j = kUnknown;
  const CorrectedModel model = fit(predictor::all_rows(std::span(&group, 1)), options());
  EXPECT_FALSE(model.corrections()[0]);
  const predictor::Prediction p = model.predict(0, group.rows[5].config);
  EXPECT_FALSE(known(p.total_energy_j.value));
  EXPECT_TRUE(known(p.total_time_s.value));
  EXPECT_TRUE(model.draw(0, std::vector{group.rows[5].config}, 3, 1).empty());
}

TEST(Fit, RowsThatTeachNothingAreAnError) {
  table::Group group = stepped::group(Step{});
  for (table::Row& row : group.rows) row.results = {};
  EXPECT_THROW(fit(predictor::all_rows(std::span(&group, 1)), options()), Error);
}

}  // namespace
}  // namespace energylens::residual
