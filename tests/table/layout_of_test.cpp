// SPDX-License-Identifier: Apache-2.0
#include "table/layout_of.hpp"

#include <gtest/gtest.h>

#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

/// The layout of one row with these cells, as text, or the refusal of the table.
std::string layout_from(const std::string& columns, const std::string& cells) {
  std::string text;
  const std::string error = error_of([&] {
    const Table table = parse_csv("batch,total_time_s," + columns + "\n1,1," + cells + "\n", "t.csv");
    text = layout_text(layout_of(table, 0));
  });
  return error == "no error" ? text : error;
}

TEST(LayoutOf, BlankFactorsAreOne) {
  EXPECT_EQ(layout_from("notes", "x"), "tp1");
  EXPECT_EQ(layout_from("tp,pp,dp,ep", "4,,2,"), "tp4dp2");
  EXPECT_EQ(layout_from("num_gpus,tp,pp", "8,4,2"), "tp4pp2");
}

TEST(LayoutOf, GpusAloneAreTensorParallel) {
  EXPECT_EQ(layout_from("num_gpus", "8"), "tp8");
  EXPECT_EQ(layout_from("num_gpus,tp,pp", "8,,"), "tp8");
  EXPECT_EQ(layout_from("num_gpus,pp", "8,8"), "tp1pp8");
}

TEST(LayoutOf, TextIsAsGoodAsFactors) {
  EXPECT_EQ(layout_from("layout", "pp2tp4"), "tp4pp2");
  EXPECT_EQ(layout_from("layout,tp,num_gpus", "tp4pp2,4,8"), "tp4pp2");
  EXPECT_EQ(layout_from("layout,tp", ",4"), "tp4") << "a blank text says nothing";
}

TEST(LayoutOf, ContradictionsAreRefused) {
  EXPECT_EQ(layout_from("layout,tp", "tp4pp2,8"), "t.csv:2:tp: 8 contradicts the layout tp4pp2");
  EXPECT_EQ(layout_from("layout,ep", "tp4pp2,4"), "t.csv:2:ep: 4 contradicts the layout tp4pp2");
  EXPECT_EQ(layout_from("num_gpus,tp,pp", "8,4,1"), "t.csv:2:num_gpus: 8 GPUs, but tp*pp*dp = 4*1*1 = 4");
  EXPECT_EQ(layout_from("num_gpus,pp", "8,2"), "t.csv:2:num_gpus: 8 GPUs, but tp*pp*dp = 1*2*1 = 2");
  EXPECT_EQ(layout_from("layout", "eight"), "t.csv:2:layout: \"eight\" is not a layout such as tp4pp2");
  EXPECT_EQ(layout_from("tp,pp", "1e9,1e9"), "t.csv:2:tp: more than 1,000,000 GPUs");
}

TEST(LayoutOf, ExpertsBesideTpMeanThatAttentionIsTensorParallelOverAll) {
  EXPECT_EQ(layout_from("num_gpus,tp,ep", "4,1,4"), "tp4ep4");
  EXPECT_EQ(layout_from("num_gpus,tp,ep", "4,2,2"), "tp4ep2");
  EXPECT_EQ(layout_from("num_gpus,tp,ep", "8,8,8"), "tp8ep8") << "experts within tp stay as they are";
  EXPECT_EQ(layout_from("num_gpus,dp,ep", "8,8,8"), "tp1dp8ep8");
  EXPECT_EQ(layout_from("num_gpus,tp,dp,ep", "16,2,2,4"),
            "t.csv:2:num_gpus: 16 GPUs, but tp*pp*dp = 2*1*2 = 4");
  EXPECT_EQ(layout_from("num_gpus,tp,ep", "1e12,1e6,1e6"),
            "t.csv:2:num_gpus: 1e+12 GPUs, but tp*pp*dp = 1000000*1*1 = 1000000");
}

}  // namespace
}  // namespace energylens::table
