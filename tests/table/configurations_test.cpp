// SPDX-License-Identifier: Apache-2.0
#include "energylens/table/configurations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens::table {
namespace {

TEST(Configurations, HoldTheColumnsOfTheirTable) {
  const Table table = parse_csv(
      "layout,tp,pp,row_kind,batch,max_batch,isl,osl,kv_capacity_tokens\n"
      "tp4pp2,,,job,8,,512,128,90000\n,2,1,steady,16,32,,256,\nTP4-PP2,,,job,1,,1,1,\n",
      "c.csv", ResultColumns::optional);
  const Configurations all = configurations(table);
  ASSERT_EQ(all.rows(), 3u);
  EXPECT_EQ(all.layouts.size(), 2u);  // one entry for both spellings
  EXPECT_EQ(all.layout[0], all.layout[2]);
  EXPECT_EQ(layout_text(all[0].layout), "tp4pp2");
  EXPECT_EQ(all[0].load.kind, RowKind::job);
  EXPECT_EQ(all[0].load.isl, 512);
  EXPECT_EQ(all[0].kv_capacity_tokens, 90000);
  EXPECT_EQ(layout_text(all[1].layout), "tp2");
  EXPECT_EQ(all[1].load.kind, RowKind::steady);
  EXPECT_EQ(all[1].load.max_batch, 32);
  EXPECT_FALSE(known(all[1].load.isl));
  EXPECT_FALSE(known(all[1].load.image_tokens));  // the table has no such column
}

TEST(Configurations, NameThePlaceOfALayoutThatContradictsItself) {
  const auto read = [] {
    const Table table =
        parse_csv("layout,tp,batch,osl\ntp4,4,1,1\ntp4,2,1,1\n", "c.csv", ResultColumns::optional);
    return configurations(table).rows();
  };
  EXPECT_THAT(read, ::testing::ThrowsMessage<Error>(::testing::HasSubstr("c.csv:3:tp: 2 contradicts")));
}

}  // namespace
}  // namespace energylens::table
