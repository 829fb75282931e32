// SPDX-License-Identifier: Apache-2.0
#include "energylens/discovery/from_front.hpp"

#include <gtest/gtest.h>

#include "energylens/search/search.hpp"
#include "synthetic_group.hpp"

namespace energylens::discovery {
namespace {

TEST(FromFront, IsTheChosenFormulaWithItsNumbers) {
  const table::Group group = synthetic::smooth_group();
  const std::string form = "prefill(batch, isl) + osl*decode(batch, tp, pp, L)";
  const Measurements data = measurements(std::span(&group, 1), {true, form, kUnknown, nullptr});
  search::Options options = measurement_options(data, true);
  options.guesses = {"prefill = a*batch*isl; decode = b*tp^c + d*batch^e*pp^f + g*batch*L"};
  options.evaluations = 30;
  options.time_limit_s = 1e9;
  const search::Front front = search::search(data.problem, options);
  const parametric::StructureModel model = from_front(front, data, true, {});
  const std::vector<double> predicted = search::predict(front.chosen(), data.problem);
  for (std::size_t i = 0; i < data.rows.size(); ++i)
    EXPECT_NEAR(model.predict(0, data.rows[i]->config).total_energy_j.value / predicted[i], 1, 1e-9);
  ASSERT_TRUE(model.content().energy_search);
  EXPECT_EQ(model.content().energy_search->rows, group.rows.size());
  EXPECT_EQ(model.content().energy_search->problem, data.problem.fingerprint());
}

}  // namespace
}  // namespace energylens::discovery
