// SPDX-License-Identifier: Apache-2.0
#include "speculation/study.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "energylens/table/table.hpp"
#include "speculation/served.hpp"

namespace energylens::speculation {
namespace {

predictor::FitOptions quick() {
  predictor::FitOptions options;
  options.starts = 1;
  return options;
}

TEST(SpeculationStudy, FindsTheAcceptanceOfEachGroup) {
  const std::vector<table::Group> groups = {served("A100", "chat"), served("A100", "chat+mtp", 2.0),
                                            served("H100", "chat"), served("H100", "chat+mtp", 2.6),
                                            served("H200", "chat"), served("H200", "chat+mtp", 2.2)};
  const StudyResult result = study(groups, kDrafted, quick());
  ASSERT_EQ(result.groups.size(), 3u);
  EXPECT_NEAR(result.groups[0].accepted_per_step, 2.0, 0.1);
  EXPECT_NEAR(result.groups[1].accepted_per_step, 2.6, 0.1);
  EXPECT_NEAR(result.groups[2].accepted_per_step, 2.2, 0.1);
  EXPECT_GT(result.accepted_per_step, 1.9);
  EXPECT_LT(result.accepted_per_step, 2.7);
  const Errors& all = result.by_requests.back();
  EXPECT_EQ(all.pairs, 3 * groups[0].rows.size());
  EXPECT_LT(all.pairs_left_out, 0.03);
  EXPECT_GT(all.groups_left_out, all.pairs_left_out);
}

TEST(SpeculationStudy, SavesLessAtLargerLoads) {
  const std::vector<table::Group> groups = {served("A100", "chat"), served("A100", "chat+mtp", 2.2)};
  const StudyResult result = study(groups, kDrafted, quick());
  ASSERT_GE(result.by_requests.size(), 3u);
  EXPECT_LT(result.by_requests.front().measured_ratio, 0.7);
  EXPECT_GT(result.by_requests[result.by_requests.size() - 2].measured_ratio, 0.9);
}

TEST(SpeculationStudy, StatedAcceptanceStays) {
  std::vector<table::Group> groups = {served("A100", "chat"), served("A100", "chat+mtp", 2.2)};
  for (table::Row& row : groups[1].rows) row.config.load.accepted_per_step = 1.5;  // not what they show
  EXPECT_GT(study(groups, kDrafted, quick()).by_requests.back().pairs_left_out, 0.1);
}

TEST(SpeculationStudy, NothingWithoutTwins) {
  EXPECT_TRUE(study(std::vector<table::Group>{served("A100", "chat")}, kDrafted, quick()).groups.empty());
}

// 465 pairs of public rows of mixtures of experts (four models, five types of GPU).
TEST(SpeculationStudy, OnPublicPairs) {
  const char* folder = std::getenv("ENERGYLENS_DATA");
  const std::filesystem::path data(folder ? folder : "");
  if (!folder || !std::filesystem::exists(data / "inferencex_m3.csv"))
    GTEST_SKIP() << "public data absent: set ENERGYLENS_DATA";
  const std::vector<table::Group> groups =
      table::groups(table::read_csv((data / "inferencex_m3.csv").string()));
  const StudyResult result = study(groups, kDrafted, quick());
  const Errors& all = result.by_requests.back();
  EXPECT_GT(all.pairs, 200u);
  EXPECT_LE(all.pairs_left_out, 0.08);
  EXPECT_LE(all.groups_left_out, 0.10);
}

}  // namespace
}  // namespace energylens::speculation
