// SPDX-License-Identifier: Apache-2.0
#include "plot/labels.hpp"

#include <gtest/gtest.h>

namespace energylens::plot {
namespace {

constexpr Box kFrame{0, 0, 400, 300};

TEST(Labels, StandToTheRightWhereThereIsRoom) {
  std::vector<Label> labels{{100, 100, "tp4", 0, 0, 0}};
  place_labels(labels, {}, kFrame);
  EXPECT_EQ(labels[0].side, 1);
  EXPECT_GT(labels[0].at_x, 100);
}

TEST(Labels, StayInsideTheFrame) {
  std::vector<Label> labels{{396, 150, "tp4pp2dp2", 0, 0, 0}};
  place_labels(labels, {}, kFrame);
  EXPECT_EQ(labels[0].side, -1);
  EXPECT_LT(labels[0].at_x, 396);
}

TEST(Labels, OfNeighboursDoNotCoverOneAnother) {
  std::vector<Label> labels{
      {100, 100, "tp4pp2", 0, 0, 0}, {104, 103, "tp2pp4", 0, 0, 0}, {98, 96, "tp8", 0, 0, 0}};
  place_labels(labels, {}, kFrame);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_TRUE(std::abs(labels[i].at_y - labels[j].at_y) >= 14 || labels[i].side != labels[j].side)
          << i << j;
  }
}

}  // namespace
}  // namespace energylens::plot
