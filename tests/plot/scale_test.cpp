// SPDX-License-Identifier: Apache-2.0
#include "plot/scale.hpp"

#include <gmock/gmock.h>

namespace energylens::plot {
namespace {

std::vector<std::string> names(const Scale& scale) {
  std::vector<std::string> out;
  for (const auto& [value, text] : scale.ticks) out.push_back(text);
  return out;
}

TEST(Scale, CoversAllValuesWithRoom) {
  const Scale scale = scale_of({.label = "x"}, {3, kUnknown, 8});
  EXPECT_LT(scale.lo, 3);
  EXPECT_GT(scale.hi, 8);
  EXPECT_GE(scale.ticks.size(), 4u);
  for (const auto& [value, text] : scale.ticks) {
    EXPECT_GE(value, scale.lo);
    EXPECT_LE(value, scale.hi);
  }
}

TEST(Scale, BeginsAtZeroWhereAsked) {
  EXPECT_EQ(scale_of({.label = "x", .from_zero = true}, {30, 80}).lo, 0);
  EXPECT_LT(scale_of({.label = "x", .from_zero = true}, {-30, 80}).lo, -30);
}

TEST(Scale, WritesSeveralNumbersAtALogarithmicAxisOfHalfADecade) {
  const Scale scale = scale_of({.label = "x", .log = true}, {20, 60});
  EXPECT_THAT(names(scale), testing::IsSupersetOf({"20", "30", "40"}));
  EXPECT_EQ(scale.share(scale.lo), 0);
  EXPECT_EQ(scale.share(scale.hi), 1);
  EXPECT_NEAR(scale.share(std::sqrt(scale.lo * scale.hi)), 0.5, 1e-12);
}

TEST(Scale, LeavesOutWhatALogarithmicAxisCannotShow) {
  const Scale scale = scale_of({.label = "x", .log = true}, {0, -3, 10, 1000});
  EXPECT_GT(scale.lo, 5);
  EXPECT_EQ(scale_of({.label = "x", .log = true}, {}).log, true);
}

TEST(Scale, OfOneValueIsARange) {
  for (const bool log : {false, true}) {
    const Scale scale = scale_of({.label = "x", .log = log}, {5});
    EXPECT_LT(scale.lo, 5);
    EXPECT_GT(scale.hi, 5);
  }
}

TEST(Scale, OfADiagonalIsTheSameForBothAxes) {
  Panel panel{
      .x = {.log = true}, .y = {.log = true}, .series = {{.points = {{.x = 1, .y = 100}}}}, .diagonal = true};
  const auto [x, y] = scales_of(panel);
  EXPECT_EQ(x.lo, y.lo);
  EXPECT_EQ(x.hi, y.hi);
}

}  // namespace
}  // namespace energylens::plot
