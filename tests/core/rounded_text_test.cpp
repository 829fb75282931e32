// SPDX-License-Identifier: Apache-2.0
#include "core/rounded_text.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "energylens/core/number_text.hpp"

namespace energylens {
namespace {

TEST(RoundedText, KeepsTheSignificantDigits) {
  EXPECT_EQ(rounded_text(5200.4), "5,200");
  EXPECT_EQ(rounded_text(0.01234), "0.0123");
  EXPECT_EQ(rounded_text(1234567), "1,230,000");
  EXPECT_EQ(rounded_text(1234567, 7), "1,234,567");
  EXPECT_EQ(rounded_text(-1234.5), "-1,230");
  EXPECT_EQ(rounded_text(999.6), "1,000");
  EXPECT_EQ(rounded_text(9.996), "10.0");
  EXPECT_EQ(rounded_text(1e20), "1.00e+20");
  EXPECT_EQ(rounded_text(0), "0");
  EXPECT_EQ(rounded_text(24, 9), "24");
}

TEST(RoundedText, ShowsUnknownAndUnlimited) {
  EXPECT_EQ(rounded_text(kUnknown), "-");
  EXPECT_EQ(rounded_text(1.0 / 0.0), "unlimited");
}

TEST(PercentText, ShowsSharesAndUnknownOnes) {
  EXPECT_EQ(percent_text(0.04561), "4.56 %");
  EXPECT_EQ(percent_text(0.2, 2), "20 %");
  EXPECT_EQ(percent_text(kUnknown), "-");
}

TEST(QuantityText, PicksThePrefixThatFits) {
  EXPECT_EQ(quantity_text(1234, "J"), "1.23 kJ");
  EXPECT_EQ(quantity_text(0.0456, "s"), "45.6 ms");
  EXPECT_EQ(quantity_text(0, "J"), "0 J");
  EXPECT_EQ(quantity_text(std::numeric_limits<double>::quiet_NaN(), "s"), "-");
  EXPECT_EQ(quantity_text(kUnknown, "s"), "-");
  EXPECT_EQ(quantity_text(999.9, "W"), "1.00 kW");
  EXPECT_EQ(quantity_text(5e6, "J"), "5 MJ");
}

}  // namespace
}  // namespace energylens
