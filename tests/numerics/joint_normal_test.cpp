// SPDX-License-Identifier: Apache-2.0
#include "numerics/joint_normal.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "numerics/delta_method.hpp"

namespace energylens::numerics {
namespace {

TEST(JointNormal, DrawsHaveTheMeanAndTheCovariance) {
  const std::vector<double> mean = {1, -2}, covariance = {4, 1.5, 1.5, 1};
  const JointNormal normal(mean, covariance);
  Rng rng(7);
  constexpr int kDraws = 20'000;
  std::vector<double> sum(2), products(4);
  for (int i = 0; i < kDraws; ++i) {
    const std::vector<double> x = normal.draw(rng);
    for (std::size_t a = 0; a < 2; ++a) {
      sum[a] += x[a] / kDraws;
      for (std::size_t b = 0; b < 2; ++b) products[a * 2 + b] += (x[a] - mean[a]) * (x[b] - mean[b]) / kDraws;
    }
  }
  for (std::size_t a = 0; a < 2; ++a) EXPECT_NEAR(sum[a], mean[a], 0.05);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(products[i], covariance[i], 0.15);
}

TEST(JointNormal, ASureNumberStaysAtItsMean) {
  const JointNormal normal({3, 5}, std::vector<double>{0, 0, 0, 1});
  Rng rng(1);
  EXPECT_NEAR(normal.draw(rng)[0], 3, 1e-5);
}

TEST(DeltaMethod, GivesTheCovarianceOfLinearFunctions) {
  const std::vector<double> covariance = {4, 1.5, 1.5, 1}, g = {1, 2}, h = {3, -1};
  EXPECT_DOUBLE_EQ(bilinear(g, covariance, g), 4 + 2 * 2 * 1.5 + 4);
  EXPECT_DOUBLE_EQ(bilinear(g, covariance, h), bilinear(h, covariance, g));
  EXPECT_DOUBLE_EQ(log_sd(0.09, 3, 0), 0.1);
  EXPECT_DOUBLE_EQ(log_sd(-1e-20, 3, 0.2), 0.2);
}

}  // namespace
}  // namespace energylens::numerics
