// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "discovery/discover.hpp"
#include "synthetic_group.hpp"

namespace energylens::discovery {
namespace {

MeasurementOptions in_two_parts() {
  MeasurementOptions options;
  options.form = "prefill(batch, isl) + osl*decode(batch, tp, pp, L)";
  return options;
}

DiscoveryOptions with_guess() {
  DiscoveryOptions options;
  options.search.guesses = {"prefill = a*batch*isl; decode = b*tp^c + d*batch^e*pp^f + g*batch*L"};
  options.search.evaluations = 30;
  options.search.time_limit_s = 1e9;
  return options;
}

TEST(ModelOf, IsTheChosenFormulaWithItsNumbers) {
  const table::Group group = synthetic::smooth_group();
  const Measurements data = measurements(std::span(&group, 1), in_two_parts());
  const Discovery found = discover(data, with_guess());
  const parametric::StructureModel model = model_of(found, data, {});
  const std::vector<double> predicted = search::predict(found.front.chosen(), data.problem);
  for (std::size_t i = 0; i < data.rows.size(); ++i)
    EXPECT_NEAR(model.predict(0, data.rows[i]->config).total_energy_j.value / predicted[i], 1, 1e-9);
  ASSERT_TRUE(model.content().energy_search);
  EXPECT_EQ(model.content().energy_search->rows, group.rows.size());
  EXPECT_EQ(model.content().energy_search->problem, data.problem.fingerprint());
}

TEST(ModelOf, RecordsTheTrainingRowsAlone) {
  const table::Group group = synthetic::smooth_group();
  const Measurements data = measurements(std::span(&group, 1), in_two_parts());
  DiscoveryOptions options = with_guess();
  options.train = 40;
  const Discovery found = discover(data, options);
  predictor::FitOptions fit;
  fit.seed = 7;
  const parametric::StructureModel model = model_of(found, data, fit);
  ASSERT_TRUE(model.content().energy_search);
  EXPECT_EQ(model.content().energy_search->rows, 40u);
  EXPECT_EQ(model.content().energy_search->problem, found.problem.fingerprint());
  EXPECT_EQ(model.content().energy_search->seed, 7u);
  EXPECT_EQ(model.content().groups[0].energy->rows, 40u);
}

}  // namespace
}  // namespace energylens::discovery
