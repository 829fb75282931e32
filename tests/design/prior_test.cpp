// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <numeric>

#include "design/prior.hpp"
#include "design/problems.hpp"

namespace energylens::design {
namespace {

TEST(Prior, AMeasurementGivesTheConditionalCovariance) {
  // Three numbers a, a + b, b of independent a and b with variances 4 and 1; noise 0.5.
  const residual::LogEnergies energies{{0, 0, 0}, {4, 4, 0, 4, 5, 1, 0, 1, 1}, 0.5};
  Prior prior(energies);
  EXPECT_DOUBLE_EQ(prior.contrast_variance(1, 0), 1);
  EXPECT_DOUBLE_EQ(prior.precision(1), 1 / 5.5);
  prior.measure(1);
  EXPECT_NEAR(prior.covariances(0)[0], 4 - 16 / 5.5, 1e-12);
  EXPECT_NEAR(prior.covariances(0)[2], 0 - 4 / 5.5, 1e-12);
  EXPECT_NEAR(prior.covariances(2)[2], 1 - 1 / 5.5, 1e-12);
  EXPECT_NEAR(prior.covariances(1)[1], 5 * 0.5 / 5.5, 1e-12);
}

TEST(Prior, TheOrderOfMeasurementsDoesNotMatter) {
  const Problem problem = begun(synthetic::smooth_group());
  const DesignOptions options = options_of(Strategy::i_optimal, 1);
  Prior one = prior_of(problem, options), other = one;
  for (const std::size_t place : {3, 40, 71}) one.measure(place);
  for (const std::size_t place : {71, 3, 40}) other.measure(place);
  for (std::size_t p = 0; p < problem.places.size(); ++p) {
    EXPECT_NEAR(one.covariances(p)[50], other.covariances(p)[50], 1e-12);
    EXPECT_GE(one.covariances(p)[p], -1e-12);
  }
}

TEST(Prior, IsSurestWhereRowsWereMeasured) {
  const table::Group group = synthetic::smooth_group();
  const Problem problem = begun(group);
  const Prior prior = prior_of(problem, options_of(Strategy::sequential, 1));
  double measured = 0, other = 0;
  for (std::size_t p = 0; p < problem.places.size(); ++p) {
    EXPECT_NEAR(prior.mean(p), std::log(group.rows[p].results.total_energy_j), 0.3);
    (p % 7 == 0 ? measured : other) += prior.covariances(p)[p];
  }
  EXPECT_LT(measured / 14, other / 82);
}

TEST(Prior, WeightsAddUpOverQuestions) {
  Problem problem;
  problem.places.resize(3);
  problem.workload = {{{0, 1}, 2}, {{1, 2}, 0.5}};
  EXPECT_EQ(served_weights(problem), (std::vector<double>{2, 2.5, 0.5}));
}

}  // namespace
}  // namespace energylens::design
