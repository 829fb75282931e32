// SPDX-License-Identifier: Apache-2.0
#include "numerics/resample.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "numerics/distributions.hpp"

namespace energylens::numerics {
namespace {

TEST(Resample, DrawsIndicesWithReplacementAndRepeatably) {
  Rng rng(7), again(7);
  const auto indices = bootstrap_indices(100, rng);
  EXPECT_EQ(indices, bootstrap_indices(100, again));
  EXPECT_NE(indices, bootstrap_indices(100, rng));
  EXPECT_LT(*std::max_element(indices.begin(), indices.end()), 100u);
  EXPECT_LT(std::set(indices.begin(), indices.end()).size(), 100u);
  EXPECT_TRUE(bootstrap_indices(0, rng).empty());
}

TEST(Resample, DrawsEveryIndexEquallyOften) {
  Rng rng(11);
  std::vector<std::size_t> counts(5);
  for (int i = 0; i < 2000; ++i) {
    for (const std::size_t index : bootstrap_indices(5, rng)) ++counts[index];
  }
  const CountBand band = binomial_band(10000, 0.2, 0.9999);
  for (const std::size_t count : counts) EXPECT_TRUE(band.contains(count)) << count;
}

}  // namespace
}  // namespace energylens::numerics
