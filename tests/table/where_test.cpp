// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "energylens/table/table.hpp"
#include "table/expect_error.hpp"

namespace energylens::table {
namespace {

using testing::ElementsAre;

const Table& example() {
  static const Table table = parse_csv(
      "model,tp,pp,batch,total_energy_j,rack,notes\n"
      "A,2,1,1,10,7,\nA,4,1,2,20,12,x\nB,1,2,4,40,,\nB,4,2,8,,left,a=b\n",
      "t.csv");
  return table;
}

/// The batches of the rows that are left.
std::vector<double> left(const std::vector<std::string>& texts) {
  std::vector<Condition> conditions;
  for (const std::string& text : texts) conditions.push_back(parse_condition(text));
  const Table table = where(example(), conditions);
  const auto batches = table.numbers(Column::batch);
  return {batches.begin(), batches.end()};
}

std::string refusal(const std::string& text) {
  return error_of([&] { left({text}); });
}

TEST(Where, NumbersCompareAsNumbers) {
  EXPECT_THAT(left({"batch=2.0"}), ElementsAre(2));
  EXPECT_THAT(left({"batch!=2"}), ElementsAre(1, 4, 8));
  EXPECT_THAT(left({"batch<4"}), ElementsAre(1, 2));
  EXPECT_THAT(left({"batch<=4"}), ElementsAre(1, 2, 4));
  EXPECT_THAT(left({"batch>4"}), ElementsAre(8));
  EXPECT_THAT(left({"batch>=4", "model=B"}), ElementsAre(4, 8));
}

TEST(Where, TextComparesAsText) {
  EXPECT_THAT(left({"model=A"}), ElementsAre(1, 2));
  EXPECT_THAT(left({"model!=A"}), ElementsAre(4, 8));
  EXPECT_THAT(left({"notes=a=b"}), ElementsAre(8));
}

TEST(Where, ABlankCellMatchesOnlyTheBlank) {
  EXPECT_THAT(left({"total_energy_j="}), ElementsAre(8));
  EXPECT_THAT(left({"total_energy_j!="}), ElementsAre(1, 2, 4));
  EXPECT_THAT(left({"total_energy_j!=10"}), ElementsAre(2, 4));
  EXPECT_THAT(left({"notes="}), ElementsAre(1, 4));
  EXPECT_THAT(left({"notes!=x"}), ElementsAre(8));
  EXPECT_THAT(left({"rack="}), ElementsAre(4));
}

TEST(Where, UnknownColumnsCompareAsNumbersWhereBothAre) {
  EXPECT_THAT(left({"rack<10"}), ElementsAre(1)) << "not as text, where 12 < 7";
  EXPECT_THAT(left({"rack=7.0"}), ElementsAre(1));
  EXPECT_THAT(left({"rack=left"}), ElementsAre(8));
  EXPECT_THAT(left({"rack!=7"}), ElementsAre(2, 8));
}

TEST(Where, LayoutsCompareWhateverColumnsStateThem) {
  EXPECT_THAT(left({"layout=pp2tp4"}), ElementsAre(8));
  EXPECT_THAT(left({"layout!=tp4"}), ElementsAre(1, 4, 8));
  EXPECT_EQ(refusal("layout=big"), "\"big\" is not a layout such as tp4pp2");
  EXPECT_EQ(refusal("layout<tp4"), "condition layout<tp4: layouts can only be compared with = and !=");
}

TEST(Where, WhatCannotBeComparedIsRefused) {
  EXPECT_EQ(refusal("batch=many"), "condition batch=many: \"many\" is not a number");
  EXPECT_EQ(refusal("batch<"), "condition batch<: a value is missing");
  EXPECT_EQ(refusal("model<B"),
            "condition model<B: this column contains text, which can only be compared with = and !=");
  const std::vector<Condition> order = {parse_condition("rack>3")};
  EXPECT_EQ(error_of([&] { where(parse_csv("batch,tpot_s,rack\n8,1,left\n8,1,\n", "t.csv"), order); }),
            "condition rack>3: this column contains text, which can only be compared with = and !=");
  EXPECT_EQ(refusal("rack>left"), "condition rack>left: \"left\" is not a number");
  EXPECT_EQ(refusal("total_energy=3"), "unknown column \"total_energy\"; did you mean \"total_energy_j\"?");
  EXPECT_EQ(refusal("gpu=H100"),
            "unknown column \"gpu\"; available: model, tp, pp, batch, total_energy_j, notes, rack");
  EXPECT_EQ(refusal("rak=7"), "unknown column \"rak\"; did you mean \"rack\"?");
}

TEST(Where, NoRowLeftIsAnError) {
  EXPECT_EQ(refusal("batch=3"), "t.csv: no rows where batch=3");
  EXPECT_EQ(error_of([] { left({"batch>2", "model=A"}); }), "t.csv: no rows where batch>2 and model=A");
  EXPECT_EQ(error_of([] { where(parse_csv("batch,tpot_s\n", "e.csv"), {}); }), "no rows");
}

TEST(Where, ATextThatNoRowHasIsAnsweredWithThoseThereAre) {
  EXPECT_EQ(refusal("model=Z"), "t.csv: no rows where model=Z; model is A, B");
  EXPECT_EQ(error_of([] {
              left({"batch>2", "model=Z"});
            }),
            "t.csv: no rows where batch>2 and model=Z; model is A, B");
  std::string many = "batch,model,tpot_s\n";
  for (int i = 0; i < 9; ++i) many += "1,m" + std::to_string(i) + ",1\n";
  const std::vector<Condition> conditions = {parse_condition("model=m9")};
  EXPECT_EQ(error_of([&] { where(parse_csv(many, "m.csv"), conditions); }), "m.csv: no rows where model=m9");
}

TEST(Where, NoConditionKeepsEverything) {
  EXPECT_THAT(left({}), ElementsAre(1, 2, 4, 8));
}

TEST(Where, RowsKeepTheirPlaces) {
  const std::vector<Condition> conditions = {parse_condition("batch=4")};
  const Table table = where(example(), conditions);
  EXPECT_EQ(table.file(0), "t.csv");
  EXPECT_EQ(table.line(0), 4);
}

}  // namespace
}  // namespace energylens::table
