// SPDX-License-Identifier: Apache-2.0
#include "search/evolve/budget.hpp"

#include <gtest/gtest.h>

#include "search/samples.hpp"

namespace energylens::search {
namespace {

TEST(Budget, ReservesOnePartIn32OfTheEvaluations) {
  const Options o = small_search(32000);
  Budget budget(o);
  EXPECT_EQ(budget.evaluations_left(0), 31000U);
  EXPECT_EQ(budget.evaluations_left(31500), 0U);
  budget.release_reserve();
  EXPECT_EQ(budget.evaluations_left(31500), 500U);
  EXPECT_EQ(budget.evaluations_left(40000), 0U);
}

TEST(Budget, ReservesNothingOfFewEvaluations) {
  const Options o = small_search(640);
  EXPECT_EQ(Budget(o).evaluations_left(0), 640U);
}

TEST(Budget, HasNoLimitOfEvaluationsIfNoneIsGiven) {
  const Options o = small_search(0);
  EXPECT_GT(Budget(o).evaluations_left(1000000), std::uint64_t{1} << 60);
}

TEST(Budget, CountsTheTimeBeforeAResume) {
  Options o = small_search();
  o.time_limit_s = 1000;
  Budget budget(o);
  EXPECT_FALSE(budget.out_of_time());
  budget.add_earlier_seconds(980);
  EXPECT_TRUE(budget.out_of_time()) << "the reserve is one part in 32";
  EXPECT_GE(budget.seconds(), 980);
  budget.release_reserve();
  EXPECT_FALSE(budget.out_of_time());
}

TEST(Budget, IsCancelledByItsToken) {
  CancelToken cancel;
  Options o = small_search();
  o.cancel = &cancel;
  const Budget budget(o);
  EXPECT_FALSE(budget.cancelled());
  cancel.cancel();
  EXPECT_TRUE(budget.cancelled());
}

}  // namespace
}  // namespace energylens::search
