// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/error.hpp"

#include <gtest/gtest.h>

namespace energylens {
namespace {

TEST(Error, TextIsOneLineWithThePlaceInFront) {
  EXPECT_STREQ(Error::bad_input({"a.csv", 12, "tp"}, "is wrong").what(), "a.csv:12:tp: is wrong");
  EXPECT_STREQ(Error::bad_input({"a.csv", 0, "tp"}, "is wrong").what(), "a.csv:tp: is wrong");
  EXPECT_STREQ(Error::bad_input({"", 3, ""}, "is wrong").what(), "3: is wrong");
  EXPECT_STREQ(Error::bad_input({}, "is wrong").what(), "is wrong");
}

TEST(Error, FactoriesSetCodeAndWording) {
  const Error cell = Error::bad_cell({"h100.csv", 12, "power_w"}, "n/a", "a power in watts");
  EXPECT_EQ(cell.code(), ErrorCode::bad_input);
  EXPECT_STREQ(cell.what(), "h100.csv:12:power_w: \"n/a\" is not a power in watts");
  EXPECT_EQ(cell.message(), "\"n/a\" is not a power in watts");
  EXPECT_EQ(cell.place().line, 12);
  EXPECT_EQ(Error::usage("no such verb").code(), ErrorCode::usage);
  EXPECT_EQ(Error::cannot_read("x", "gone").code(), ErrorCode::bad_input);
  EXPECT_STREQ(Error::cannot_read("x", "gone").what(), "x: cannot read: gone");
  EXPECT_EQ(Error::cannot_write("x", "full").code(), ErrorCode::io);
  EXPECT_STREQ(Error::cannot_write("x", "full").what(), "x: cannot write: full");
  EXPECT_EQ(Error::cancelled().code(), ErrorCode::cancelled);
}

}  // namespace
}  // namespace energylens
