// SPDX-License-Identifier: Apache-2.0
#include "io/sheet.hpp"

#include <gmock/gmock.h>

#include "energylens/core/number_text.hpp"
#include "table/expect_error.hpp"

namespace energylens::io {
namespace {

using table::error_of;

TEST(Sheet, FindsCellsByNameWithoutBlanks) {
  Sheet sheet("\xEF\xBB\xBF a ,b\n 1 , x y \n,\n", "s.csv");
  EXPECT_EQ(sheet.find("b"), 1u);
  EXPECT_EQ(sheet.find("c"), std::nullopt);
  ASSERT_TRUE(sheet.next());
  EXPECT_EQ(sheet.number(sheet.find("a"), "a number"), 1);
  EXPECT_EQ(sheet.cell(sheet.find("b")), "x y");
  EXPECT_EQ(sheet.cell(std::nullopt), "");
  ASSERT_TRUE(sheet.next());
  EXPECT_FALSE(known(sheet.number(sheet.find("a"), "a number")));
  EXPECT_FALSE(sheet.next());
  EXPECT_FALSE(sheet.cut_off());
}

TEST(Sheet, RefusesWithPlace) {
  EXPECT_EQ(error_of([] { Sheet("", "s.csv"); }), "s.csv: the file is empty");
  EXPECT_EQ(error_of([] { Sheet("a, a\n", "s.csv"); }), "s.csv:1:a: duplicate column");
  EXPECT_EQ(error_of([] { Sheet("a;b\n1;2\n", "s.csv"); }),
            "s.csv:1: cells are separated by semicolons; use commas, and points in numbers");
  Sheet sheet("a,b\n1,x\n2\n3,4\n", "s.csv");
  sheet.next();
  EXPECT_EQ(error_of([&] { sheet.number(1, "a length"); }), "s.csv:2:b: \"x\" is not a length");
  EXPECT_EQ(error_of([&] { sheet.next(); }), "s.csv:3: 1 cell, but the header has 2");
}

TEST(Sheet, Utf16IsNamed) {
  using namespace std::string_literals;
  for (const std::string& text : {"\xFF\xFE"
                                  "a\0,\0b\0"s,
                                  "\xFE\xFF"
                                  "\0a\0,\0b"s,
                                  "a\0,\0b\0"s, "\0a\0,\0b"s})
    EXPECT_EQ(error_of([&] { Sheet(text, "s.csv"); }),
              "s.csv: the file is UTF-16, as redirection in PowerShell writes it; save it as UTF-8");
}

TEST(Sheet, OnlyALastLineWithoutItsEndMayBeShort) {
  Sheet sheet("a,b\n1,2\n3", "s.csv");
  EXPECT_TRUE(sheet.next());
  EXPECT_FALSE(sheet.next());
  EXPECT_TRUE(sheet.cut_off());
  Sheet whole("a,b\n1,2\n3\n", "s.csv");
  whole.next();
  EXPECT_EQ(error_of([&] { whole.next(); }), "s.csv:3: 1 cell, but the header has 2");
}

}  // namespace
}  // namespace energylens::io
