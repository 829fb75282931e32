// SPDX-License-Identifier: Apache-2.0
#include "core/calendar_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace energylens {
namespace {

TEST(CalendarText, IsUtcToTheSecond) {
  EXPECT_EQ(calendar_text(0), "1970-01-01 00:00:00");
  EXPECT_EQ(calendar_text(1711903690.9), "2024-03-31 16:48:10");
  EXPECT_EQ(calendar_text(253402300799), "9999-12-31 23:59:59");
}

TEST(CalendarText, IsEmptyWhereNoCalendarShowsTheTime) {
  for (const double time_s : {-1.0, 253402300800.0, 1e300, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_EQ(calendar_text(time_s), "");
}

}  // namespace
}  // namespace energylens
