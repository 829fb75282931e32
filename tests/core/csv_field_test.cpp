// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/csv_field.hpp"

#include <gtest/gtest.h>

namespace energylens {
namespace {

TEST(CsvField, QuotesOnlyWhereItMust) {
  EXPECT_EQ(csv_field("tp4pp2"), "tp4pp2");
  EXPECT_EQ(csv_field(""), "");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

}  // namespace
}  // namespace energylens
