// SPDX-License-Identifier: Apache-2.0
#include "table/summary.hpp"

#include <gmock/gmock.h>

namespace energylens::table {
namespace {

using testing::ElementsAre;

TEST(CheckSummary, TellsWhatATableHolds) {
  const TableSummary summary = check_summary(
      parse_csv("model,tp,batch,mine,prefill_energy_j,total_energy_j,total_time_s\n"
                "A,2,1,x,10,100,\nA,2,1,x,12,100,\nA,4,1,x,,100,1\nA,8,2,x,,100,\nB,1,1,x,,100,\n,1,,x,,,\n",
                "t.csv"));
  EXPECT_EQ(summary.rows, 6u);
  EXPECT_THAT(summary.unknown_columns, ElementsAre("mine"));
  ASSERT_EQ(summary.results.size(), 3u);
  EXPECT_EQ(summary.results[0].column, "prefill_energy_j");
  EXPECT_EQ(summary.results[0].filled, 2u);
  EXPECT_EQ(summary.results[1].filled, 5u);
  ASSERT_EQ(summary.groups.size(), 2u);
  const GroupSummary& group = summary.groups[0];
  EXPECT_EQ(group.identity.text(), "A");
  EXPECT_EQ(group.rows, 3u);
  EXPECT_EQ(group.repeats, 4u);
  EXPECT_EQ(group.steady_rows, 0u);
  EXPECT_EQ(group.scenarios, 1u);
  EXPECT_EQ(group.scenarios_same_gpus, 0u);
  ASSERT_EQ(group.layouts.size(), 3u);
  EXPECT_EQ(layout_text(group.layouts[1].layout), "tp4");
  EXPECT_EQ(group.with_energy, 3u);
  EXPECT_EQ(group.with_prefill_energy, 1u);
  EXPECT_EQ(group.with_decode_energy, 0u) << "the total less prefill is no measurement";
  EXPECT_EQ(group.with_time, 1u);
  EXPECT_THAT(summary.warnings,
              ElementsAre("1 row without a batch excluded", "1 of 2 groups without any time",
                          "1 of 2 groups with a single layout, so layouts cannot be compared"));
}

TEST(CheckSummary, ATableWithoutRowsIsNothingToFit) {
  EXPECT_THAT(check_summary(parse_csv("batch,total_energy_j\n", "t.csv")).warnings,
              ElementsAre("no rows to fit"));
}

}  // namespace
}  // namespace energylens::table
