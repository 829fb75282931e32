// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/bootstrap.hpp"

#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

LawModel bootstrapped(const table::Group& group, int threads, int replicates = 40) {
  predictor::FitOptions options = simulated::quick(predictor::Target::energy);
  options.bootstrap = replicates;
  options.run.threads = threads;
  return fit_law(simulated::all_rows(group), options);
}

TEST(Bootstrap, TheSameAtAnyNumberOfThreads) {
  const table::Group group = simulated::group({}, 0.05);
  EXPECT_EQ(bootstrapped(group, 1).to_json(), bootstrapped(group, 4).to_json());
}

TEST(Bootstrap, KeepsTheEstimateAndChangesTheWidth) {
  const table::Group group = simulated::group({}, 0.05);
  const LawModel with = bootstrapped(group, 1), without = bootstrapped(group, 1, 0);
  const LawFit &a = *with.laws()[0].energy, &b = *without.laws()[0].energy;
  EXPECT_EQ(a.parameters, b.parameters);
  for (std::size_t j = 0; j < kParameters; ++j) {
    const double width = a.intervals[j].hi - a.intervals[j].lo,
                 laplace = b.intervals[j].hi - b.intervals[j].lo;
    EXPECT_GT(width, 0);
    EXPECT_NE(width, laplace);
    // A small phase weighs a fifth (docs/method/law.md), so the approximation is up to sqrt(5) times too wide for a0.
    EXPECT_LT(std::abs(std::log(width / laplace)), std::log(3.5)) << parameter_infos()[j].name;
  }
}

TEST(Bootstrap, WhatRowsDoNotTellStaysWide) {
  simulated::Design one_layout;
  one_layout.layouts = {"tp4"};
  const table::Group group = simulated::group(one_layout, 0.03);
  const LawModel with = bootstrapped(group, 1), without = bootstrapped(group, 1, 0);
  const auto width = [](const LawModel& m, std::size_t j) {
    const ParameterFit& p = m.laws()[0].energy->intervals[j];
    return p.hi - p.lo;
  };
  for (const std::size_t j : {A2, A3, B1, B2, B5, B6}) EXPECT_GT(width(with, j), 0.9 * width(without, j));
}

TEST(Bootstrap, OneRowIsNoTrouble) {
  table::Group group = simulated::group({});
  group.rows.resize(1);
  const LawModel model = bootstrapped(group, 1, 5);
  for (const ParameterFit& p : model.laws()[0].energy->intervals) EXPECT_LT(p.lo, p.hi);
}

}  // namespace
}  // namespace energylens::parametric
