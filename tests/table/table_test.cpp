// SPDX-License-Identifier: Apache-2.0
#include "energylens/table/table.hpp"

#include <gmock/gmock.h>

#include "energylens/core/number_text.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;

TEST(Concatenate, RowsOfAllUnderTheUnionOfColumns) {
  std::vector<Table> parts;
  parts.push_back(parse_csv("batch,model,total_energy_j,mine\n1,A,10,x\n2,B,20,y\n", "a.csv"));
  parts.push_back(parse_csv("batch,gpu,total_time_s,other,mine\n3,H100,3,u,y\n", "b.csv"));
  const Table whole = concatenate(std::move(parts));
  EXPECT_EQ(to_csv(whole),
            "model,gpu,batch,total_energy_j,total_time_s,mine,other\n"
            "A,,1,10,,x,\nB,,2,20,,y,\n,H100,3,,3,y,u\n");
  EXPECT_EQ(whole.file(0), "a.csv");
  EXPECT_EQ(whole.file(2), "b.csv");
  EXPECT_EQ(whole.line(2), 2);
  EXPECT_THAT(whole.unknown_columns()[0].values, ElementsAre("", "x", "y")) << "each text once";
}

TEST(Concatenate, NothingIsAnEmptyTable) {
  const Table none = concatenate({});
  EXPECT_EQ(none.rows(), 0u);
  EXPECT_FALSE(none.has(Column::batch));
}

TEST(Concatenate, TablesWithoutRowsAddOnlyColumns) {
  std::vector<Table> parts;
  parts.push_back(parse_csv("batch,tpot_s,mine\n", "a.csv"));
  parts.push_back(parse_csv("batch,total_time_s\n1,2\n", "b.csv"));
  parts.push_back(parse_csv("batch,ttft_s\n", "c.csv"));
  EXPECT_EQ(to_csv(concatenate(std::move(parts))), "batch,total_time_s,ttft_s,tpot_s,mine\n1,2,,,\n");
}

}  // namespace
}  // namespace energylens::table
