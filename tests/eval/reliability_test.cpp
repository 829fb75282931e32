// SPDX-License-Identifier: Apache-2.0
#include "eval/reliability.hpp"

#include <gtest/gtest.h>

#include "energylens/core/rng.hpp"

namespace energylens::eval {
namespace {

TEST(Reliability, CountsByTenthsOfTheChance) {
  const std::vector<CandidateOutcome> said = {
      {0.0, false}, {0.05, true}, {0.72, true}, {0.78, false}, {1.0, true}};
  const std::vector<ReliabilityBin> bins = reliability(said);
  ASSERT_EQ(bins.size(), 3u);
  EXPECT_EQ(bins[0].n, 2u);
  EXPECT_EQ(bins[0].from, 0);
  EXPECT_NEAR(bins[0].chance, 0.025, 1e-12);
  EXPECT_EQ(bins[0].share, 0.5);
  EXPECT_EQ(bins[1].from, 0.7);
  EXPECT_NEAR(bins[1].chance, 0.75, 1e-12);
  EXPECT_EQ(bins[1].share, 0.5);
  EXPECT_EQ(bins[2].to, 1);
  EXPECT_EQ(bins[2].n, 1u);
}

TEST(Reliability, ErrorWeighsBinsByTheirCandidates) {
  const std::vector<CandidateOutcome> said = {{0.95, true}, {0.95, true}, {0.95, true}, {0.25, true}};
  // three off by 0.05, one by 0.75
  EXPECT_NEAR(calibration_error(reliability(said)), (3 * 0.05 + 0.75) / 4, 1e-12);
  EXPECT_FALSE(known(calibration_error({})));
}

TEST(Reliability, ChancesThatComeTrueAsOftenAsStatedHaveAlmostNoError) {
  Rng rng(7);
  std::vector<CandidateOutcome> honest, boastful;
  for (int i = 0; i < 20000; ++i) {
    const double chance = rng.uniform();
    const bool best = rng.uniform() < chance;
    honest.push_back({chance, best});
    boastful.push_back({chance > 0.5 ? 1.0 : 0.0, best});
  }
  EXPECT_LT(calibration_error(reliability(honest)), 0.02);
  EXPECT_GT(calibration_error(reliability(boastful)), 0.2);
}

}  // namespace
}  // namespace energylens::eval
