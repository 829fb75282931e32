// SPDX-License-Identifier: Apache-2.0
#include "numerics/bfgs.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace energylens::numerics {
namespace {

double valley(std::span<const double> x, std::span<double> gradient) {  // Rosenbrock's
  const double across = x[1] - x[0] * x[0], along = 1 - x[0];
  gradient[0] = -400 * x[0] * across - 2 * along;
  gradient[1] = 200 * across;
  return 100 * across * across + along * along;
}

TEST(Descend, FollowsACurvedValleyToItsEnd) {
  DescentOptions options;
  options.max_steps = 200;
  options.tolerance = 1e-14;
  const std::vector<double> x = descend(valley, {-1.2, 1}, options);
  EXPECT_NEAR(x[0], 1, 1e-5);
  EXPECT_NEAR(x[1], 1, 1e-5);
}

TEST(Descend, StaysWhereTheStartIsTheMinimum) {
  EXPECT_EQ(descend(valley, {1, 1}), (std::vector<double>{1, 1}));
}

TEST(Descend, DoesNotStepWhereTheValueIsNotFinite) {
  const auto walled = [](std::span<const double> x, std::span<double> gradient) {
    gradient[0] = -1;
    return x[0] > 0.3 ? std::nan("") : -x[0];
  };
  const double x = descend(walled, {0})[0];
  EXPECT_GT(x, 0.2);
  EXPECT_LE(x, 0.3);
}

TEST(Descend, ReturnsAStartThatIsNotFiniteAndOneWithoutCoordinates) {
  const auto nothing = [](std::span<const double>, std::span<double>) { return std::nan(""); };
  EXPECT_EQ(descend(nothing, {3}), std::vector<double>{3});
  EXPECT_TRUE(descend(nothing, {}).empty());
}

TEST(Descend, ACancelEndsItAtOnce) {
  CancelToken cancel;
  cancel.cancel();
  DescentOptions options;
  options.cancel = &cancel;
  EXPECT_EQ(descend(valley, {-1.2, 1}, options), (std::vector<double>{-1.2, 1}));
}

}  // namespace
}  // namespace energylens::numerics
