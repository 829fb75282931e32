// SPDX-License-Identifier: Apache-2.0
#include "energylens/io/condition.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"

namespace energylens::io {
namespace {

template <class Cell>
bool holds(const std::string& condition, CellKind kind, const Cell& cell) {
  return CellTest(parse_condition(condition), kind).holds(cell);
}

std::string refusal(const std::string& condition, CellKind kind) {
  try {
    const CellTest test(parse_condition(condition), kind);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.message();
  }
  return "not refused";
}

TEST(CellTest, NumbersCompareAsNumbersHoweverTheyAreSpelt) {
  EXPECT_TRUE(holds("batch=8.0", CellKind::number, 8.0));
  EXPECT_TRUE(holds("power_limit_w=450.0", CellKind::number, "450"));
  EXPECT_TRUE(holds("power_limit_w>=80", CellKind::number, "450")) << "not as text, where 4 < 8";
  EXPECT_FALSE(holds("batch!=8", CellKind::number, "8.0"));
  EXPECT_FALSE(holds("batch<8", CellKind::number, 8.0));
  EXPECT_TRUE(holds("batch<=8", CellKind::number, 8.0));
  EXPECT_FALSE(holds("batch>8", CellKind::number, 8.0));
}

TEST(CellTest, TextComparesAsText) {
  EXPECT_TRUE(holds("quant=8", CellKind::text, "8"));
  EXPECT_FALSE(holds("quant=8.0", CellKind::text, "8"));
  EXPECT_TRUE(holds("gpu!=H100", CellKind::text, "H200"));
}

TEST(CellTest, CellsOfEitherKindCompareAsNumbersWhereBothAre) {
  EXPECT_TRUE(holds("rack<10", CellKind::either, "7"));
  EXPECT_FALSE(holds("rack<10", CellKind::either, "left")) << "a text is not below a number";
  EXPECT_TRUE(holds("rack=7.0", CellKind::either, "7"));
  EXPECT_TRUE(holds("rack=left", CellKind::either, "left"));
  EXPECT_TRUE(holds("rack!=7", CellKind::either, "left"));
}

TEST(CellTest, ABlankCellSatisfiesOnlyTheBlank) {
  for (const CellKind kind : {CellKind::number, CellKind::text, CellKind::either}) {
    EXPECT_TRUE(holds("c=", kind, ""));
    EXPECT_FALSE(holds("c!=", kind, ""));
    EXPECT_FALSE(holds("c=1", kind, ""));
    EXPECT_FALSE(holds("c!=1", kind, ""));
    EXPECT_FALSE(holds("c=", kind, "1"));
    EXPECT_TRUE(holds("c!=", kind, "1"));
  }
  EXPECT_TRUE(holds("c=", CellKind::number, kUnknown));
  EXPECT_FALSE(holds("c!=3", CellKind::number, kUnknown));
  EXPECT_TRUE(holds("c!=", CellKind::number, 3.0));
}

TEST(CellTest, RefusesWhatCannotBeCompared) {
  EXPECT_EQ(refusal("batch=many", CellKind::number), "condition batch=many: \"many\" is not a number");
  EXPECT_EQ(refusal("batch<", CellKind::number), "condition batch<: a value is missing");
  EXPECT_EQ(refusal("model<B", CellKind::text),
            "condition model<B: this column contains text, which can only be compared with = and !=");
  EXPECT_EQ(refusal("rack>left", CellKind::either), "condition rack>left: \"left\" is not a number");
  EXPECT_EQ(refusal("rack=left", CellKind::either), "not refused");
}

TEST(ParseCondition, TakesTheFirstOperator) {
  const auto parts = [](std::string_view text) {
    const Condition condition = parse_condition(text);
    return condition.column + '|' + condition.op + '|' + condition.value;
  };
  EXPECT_EQ(parts("gpu=H100"), "gpu|=|H100");
  EXPECT_EQ(parts("batch>=8"), "batch|>=|8");
  EXPECT_EQ(parts("a!=b<c"), "a|!=|b<c");
  EXPECT_EQ(parts("a="), "a|=|");
  EXPECT_EQ(parts("model=x, y = z"), "model|=|x, y = z");
}

TEST(ParseCondition, OtherTextIsRefused) {
  for (const std::string text : {"", "batch", "=8", "<=3", "a!b"}) {
    try {
      parse_condition(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      EXPECT_EQ(error.what(), '"' + text + "\" is not a condition such as gpu=H100 or batch>=8");
    }
  }
}

}  // namespace
}  // namespace energylens::io
