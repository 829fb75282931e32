// SPDX-License-Identifier: Apache-2.0
#include "powercap/study.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "energylens/table/table.hpp"
#include "powercap/sweeps.hpp"

namespace energylens::powercap {
namespace {

TEST(Study, FollowsACurveThatModelsShare) {
  const Curve truth = known_curve();
  const std::vector<Sweep> all = {sweep_of(truth, 390, caps(), "a", 0.01, 1),
                                  sweep_of(truth, 300, caps(), "b", 0.01, 2),
                                  sweep_of(truth, 250, caps(), "c", 0.01, 3)};
  const std::vector<StudyResult> results = study(all);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[1].gpu, "");
  EXPECT_EQ(results[0].models, 3u);
  EXPECT_EQ(results[0].points, 3 * (caps().size() - 1));
  EXPECT_LT(results[0].energy_median, 0.02);
  EXPECT_LT(results[0].two_caps_median, 0.04);
  EXPECT_GT(results[0].prior_median, results[0].energy_median);
}

TEST(Study, LeavesOutGpusOfOneModel) {
  EXPECT_TRUE(study(std::vector<Sweep>{sweep_of(known_curve(), 390, caps(), "a")}).empty());
}

// Ratios of public sweeps (two types of GPU, seven models).
TEST(Study, OnPublicSweepsOfPowerCaps) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const auto path = std::filesystem::path(folder ? folder : "") / "powercap_rtx.csv";
  if (!folder || !std::filesystem::exists(path)) GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const std::vector<table::Group> groups = table::groups(table::read_csv(path.string()));
  const std::vector<StudyResult> results = study(sweeps(groups));
  ASSERT_FALSE(results.empty());
  const StudyResult& all = results.back();
  EXPECT_LE(all.energy_median, 0.04);
  EXPECT_LE(all.time_median, 0.04);
  EXPECT_LE(all.two_caps_median, 0.04);
  EXPECT_GE(all.best_within_one_step, 0.7);
  EXPECT_LE(all.best_regret, 0.03);
  for (const StudyResult& one : results) EXPECT_LE(one.energy_median, 0.065) << one.gpu;
}

}  // namespace
}  // namespace energylens::powercap
