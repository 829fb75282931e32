// SPDX-License-Identifier: Apache-2.0
#include "numerics/robust_loss.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <span>

#include "central_differences.hpp"

namespace energylens::numerics {
namespace {

TEST(RobustLoss, IsThatOfLeastSquaresNearZeroAndBoundedFarOff) {
  for (const Tail tail : {Tail::linear, Tail::root}) {
    const RobustLoss loss{0.05, 2, tail};
    EXPECT_NEAR(RobustResidual(1e-6, loss).value, 1e-6 / 0.05, 1e-12);
    EXPECT_LT(RobustResidual(5, loss).value, 0.3 * 5 / 0.05);
    EXPECT_EQ(RobustResidual(-0.3, loss).value, -RobustResidual(0.3, loss).value);
  }
  const double near_pull = RobustResidual(0.2, {0.05, 2, Tail::root}).influence;
  EXPECT_LT(RobustResidual(20, {0.05, 2, Tail::root}).influence,
            near_pull);  // the root tail lets outliers go
}

TEST(RobustLoss, SoftL1IsTheLinearTail) {
  for (const double r : {-3.0, -0.1, -1e-5, 1e-5, 0.02, 0.4, 7.0}) {
    const RobustResidual general(r, {0.05, 2, Tail::linear});
    const SoftL1Residual soft(r, 0.05, 2);
    EXPECT_DOUBLE_EQ(soft.value, general.value);
    EXPECT_DOUBLE_EQ(soft.slope, general.slope);
  }
}

TEST(RobustLoss, IsTheSquareRootOfBarronsLoss) {
  const auto barron = [](double u, double alpha) {
    const double beta = 2 - alpha;
    return beta / alpha * (std::pow(1 + u * u / beta, alpha / 2) - 1);
  };
  const RobustLoss loss{0.06, 0.4, Tail::root};
  for (const Tail tail : {Tail::linear, Tail::root}) {
    for (const double r : {-2.0, -0.05, -1e-9, 0.0, 1e-9, 0.01, 0.3, 5.0}) {
      const double u = r / (loss.scale * loss.knee);
      const RobustResidual soft(r, {loss.scale, loss.knee, tail});
      const double rho = 2 * loss.knee * loss.knee * barron(u, tail == Tail::linear ? 1 : 0.5);
      EXPECT_NEAR(soft.value * soft.value, rho, 1e-14 + 1e-6 * rho) << r;
      EXPECT_EQ(std::signbit(soft.value), std::signbit(r));
    }
  }
  EXPECT_NEAR(RobustResidual(1e-7, loss).value, 1e-7 / loss.scale,
              1e-12);  // small residuals are not softened
}

TEST(RobustLoss, SlopesAreDerivatives) {
  for (const Tail tail : {Tail::linear, Tail::root}) {
    const RobustLoss loss{0.06, 0.4, tail};
    for (const double r : {-2.0, -0.05, 0.0, 0.01, 0.3, 5.0}) {
      const RobustResidual soft(r, loss);
      const auto value = [&](std::span<const double> x) { return RobustResidual(x[0], loss).value; };
      const auto influence = [&](std::span<const double> x) { return RobustResidual(x[0], loss).influence; };
      EXPECT_NEAR(soft.slope / central_differences(value, std::span(&r, 1))[0], 1, 1e-6) << r;
      EXPECT_NEAR(soft.influence_slope, central_differences(influence, std::span(&r, 1))[0], 1e-6) << r;
      EXPECT_NEAR(soft.influence, soft.value * soft.slope * loss.scale * loss.scale, 1e-12) << r;
    }
  }
}

}  // namespace
}  // namespace energylens::numerics
