// SPDX-License-Identifier: Apache-2.0
#include "parametric/law/breakdown.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/parametric/law_model.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/terms.hpp"

namespace energylens::parametric {
namespace {

using simulated::kEnergy;
using simulated::question;

GroupLaw known_law() {
  GroupLaw law;
  LawFit fit;
  fit.parameters = kEnergy;
  law.energy = fit;
  return law;
}

TEST(Breakdown, OneWaveHoldsItAll) {
  const auto config = question("tp4pp2", 10, 300, 100, 30000);
  const std::optional<Breakdown> found = breakdown(known_law(), config, Metric::energy);
  ASSERT_TRUE(found);
  EXPECT_NEAR(found->value, simulated::one_wave(kEnergy, config.layout, 10, config.load).total(),
              1e-9 * found->value);
  ASSERT_EQ(found->waves.size(), 1u);
  EXPECT_EQ(found->waves[0].size, 10);
  EXPECT_NEAR(found->waves[0].share, 1, 1e-12);
}

TEST(Breakdown, FullWavesAndTheRemainderShareTheRow) {
  const auto config = question("tp4", 20, 300, 100, 8 * 448);  // eight requests of seven blocks fit
  const std::optional<Breakdown> found = breakdown(known_law(), config, Metric::energy);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->waves.size(), 2u);
  const double full = simulated::one_wave(kEnergy, config.layout, 8, config.load).total();
  const double rest = simulated::one_wave(kEnergy, config.layout, 4, config.load).total();
  EXPECT_EQ(found->waves[0].size, 8);
  EXPECT_EQ(found->waves[1].size, 4);
  EXPECT_NEAR(found->waves[0].share, 2 * full / (2 * full + rest), 1e-12);
  EXPECT_NEAR(found->waves[1].share, rest / (2 * full + rest), 1e-12);
}

TEST(Breakdown, ReplicasChangeNoShare) {
  const auto one = breakdown(known_law(), question("tp4", 20, 300, 100, 8 * 448), Metric::energy);
  const auto two = breakdown(known_law(), question("tp4dp2", 40, 300, 100, 8 * 448), Metric::energy);
  ASSERT_TRUE(one && two);
  EXPECT_NEAR(two->value, 2 * one->value, 1e-9 * two->value);
  EXPECT_EQ(two->waves[0].size, one->waves[0].size);
  EXPECT_NEAR(two->waves[0].share, one->waves[0].share, 1e-12);
}

TEST(Breakdown, ItsGradientIsThatOfTheLogarithm) {
  const auto config = question("tp4pp2", 20, 300, 100, 8 * 448);
  const Coordinates centre = coordinates_of(kEnergy);
  const std::optional<Breakdown> found = breakdown(known_law(), config, Metric::energy);
  ASSERT_TRUE(found);
  for (std::size_t j = 0; j < kParameters; ++j) {
    constexpr double kStep = 1e-5;
    const auto log_at = [&](double step) {
      Coordinates z = centre;
      z[j] += step;
      GroupLaw law = known_law();
      law.energy->parameters = parameters_at(z);
      return std::log(breakdown(law, config, Metric::energy)->value);
    };
    EXPECT_NEAR(found->log_gradient[j], (log_at(kStep) - log_at(-kStep)) / (2 * kStep), 1e-7) << j;
  }
}

TEST(Breakdown, NothingWhereTheLawSaysNothing) {
  EXPECT_FALSE(breakdown(known_law(), question("tp4", 20, 300, 100, 100), Metric::energy))
      << "not one request fits";
  EXPECT_FALSE(breakdown(known_law(), question("tp4", 20, 300, 100), Metric::time)) << "no law of time";
  EXPECT_FALSE(breakdown(known_law(), question("tp4", 20, kUnknown, 100), Metric::energy)) << "isl is blank";
  EXPECT_FALSE(breakdown(known_law(), question("tp4", 0, 300, 100), Metric::energy)) << "no request";
}

}  // namespace
}  // namespace energylens::parametric
