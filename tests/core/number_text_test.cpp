// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/number_text.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>

namespace energylens {
namespace {

TEST(NumberText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(1), "1");
  EXPECT_EQ(number_text(1e300), "1e+300");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(kUnknown), "nan");
}

TEST(NumberText, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_number("+2.5"), 2.5);
  EXPECT_EQ(parse_number("-1e-3"), -1e-3);
  EXPECT_EQ(parse_number("5."), 5.0);
  EXPECT_EQ(parse_number(".5"), 0.5);
}

TEST(NumberText, RefusesWhatIsNoFiniteDecimalNumber) {
  for (const char* text : {"", " 1", "1 ", "1,5", "1e", "0x10", "nan", "NaN", "inf", "-inf", "+-1", "++1",
                           "+", "-", "1e999", "1.2.3", "12abc", "\xd9\xa1"}) {
    EXPECT_FALSE(parse_number(text)) << '"' << text << '"';
  }
}

TEST(NumberText, UnknownIsNotKnown) {
  EXPECT_FALSE(known(kUnknown));
  EXPECT_TRUE(known(0));
  EXPECT_TRUE(known(INFINITY));
}

RC_GTEST_PROP(NumberTextProperty, TextAndNumberAreInverse, (std::uint64_t bits)) {
  const double value = std::bit_cast<double>(bits);
  RC_PRE(std::isfinite(value));
  const auto again = parse_number(number_text(value));
  RC_ASSERT(again.has_value());
  RC_ASSERT(std::bit_cast<std::uint64_t>(*again) == bits);
}

}  // namespace
}  // namespace energylens
