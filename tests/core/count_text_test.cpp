// SPDX-License-Identifier: Apache-2.0
#include "core/count_text.hpp"

#include <gtest/gtest.h>

#include "energylens/core/number_text.hpp"

namespace energylens {
namespace {

TEST(CountText, WholeNumbersStandAndMeansAreRounded) {
  EXPECT_EQ(count_text(131072), "131,072");
  EXPECT_EQ(count_text(25.0696), "25.07");
  EXPECT_EQ(count_text(123456), "123,456");
  EXPECT_EQ(count_text(1536.25), "1,536");
  EXPECT_EQ(count_text(0.5), "0.5000");
  EXPECT_EQ(count_text(kUnknown), "-");
}

}  // namespace
}  // namespace energylens
