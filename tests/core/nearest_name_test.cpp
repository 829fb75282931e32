// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.hpp"

#include <gtest/gtest.h>

#include <array>

namespace energylens {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"total_energy_j", "total_time_s", "batch", "tp"};

TEST(NearestName, FindsWhatWasProbablyMeant) {
  EXPECT_EQ(nearest_name("total_enrgy_j", kNames), "total_energy_j");
  EXPECT_EQ(nearest_name("Total-Energy J", kNames), "total_energy_j");
  EXPECT_EQ(nearest_name("bacth", kNames), "batch");       // a swap is one edit
  EXPECT_EQ(nearest_name("bxtxh", kNames), std::nullopt);  // two edits in five letters are too many
  EXPECT_EQ(nearest_name("batches", kNames), "batch");
  EXPECT_EQ(nearest_name("btch", kNames), "batch");
}

TEST(NearestName, SaysNothingWhenNothingIsNear) {
  EXPECT_EQ(nearest_name("notes", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("", kNames), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
  EXPECT_EQ(nearest_name("pp", kNames), std::nullopt);
}

TEST(NearestName, PrefersTheFirstOfEquallyNearNames) {
  constexpr std::array<std::string_view, 2> kTwins = {"mode1", "model"};
  EXPECT_EQ(nearest_name("modem", kTwins), "mode1");
}

}  // namespace
}  // namespace energylens
