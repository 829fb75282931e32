// SPDX-License-Identifier: Apache-2.0
// What must not compile is in tests/no_compile.
#include "energylens/core/quantity.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace energylens {
namespace {

TEST(Quantity, DimensionsFollowTheArithmetic) {
  static_assert(std::is_same_v<decltype(Joules(1) / Seconds(1)), Watts>);
  static_assert(std::is_same_v<decltype(Watts(1) * Seconds(1)), Joules>);
  static_assert(std::is_same_v<decltype(Joules(1) / Watts(1)), Seconds>);
  static_assert(std::is_same_v<decltype(Joules(1) / Joules(1)), double>);
  static_assert(!std::is_convertible_v<double, Joules> && !std::is_convertible_v<Joules, double>);
  EXPECT_EQ((Watts(700) * Seconds(3)).value(), 2100);
  EXPECT_EQ(Joules(6) / Joules(4), 1.5);
}

TEST(Quantity, AddsScalesAndCompares) {
  Joules total(1);
  total += Joules(2);
  EXPECT_EQ(total, Joules(3));
  EXPECT_EQ(2 * total - total / 2, Joules(4.5));
  EXPECT_EQ(-total * 2, Joules(-6));
  EXPECT_LT(Joules(1), Joules(2));
  EXPECT_EQ(Joules().value(), 0);
}

}  // namespace
}  // namespace energylens
