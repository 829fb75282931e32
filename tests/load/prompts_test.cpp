// SPDX-License-Identifier: Apache-2.0
#include "load/prompts.hpp"

#include <gmock/gmock.h>

namespace energylens::load {
namespace {

TEST(Prompts, AreOfTheirLengthAndDifferFromSeedToSeed) {
  const auto one = random_tokens(1, 500, 1000), two = random_tokens(2, 500, 1000);
  EXPECT_EQ(one.size(), 500u);
  EXPECT_NE(one[0], two[0]);
  EXPECT_GE(*std::ranges::min_element(one), 100);
  EXPECT_LT(*std::ranges::max_element(one), 1000);
  EXPECT_EQ(random_tokens(1, 500, 1000), one);
  EXPECT_EQ(std::ranges::count(random_words(3, 40), ' '), 39);
}

}  // namespace
}  // namespace energylens::load
