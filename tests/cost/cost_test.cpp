// SPDX-License-Identifier: Apache-2.0
#include "cost/cost.hpp"

#include <gtest/gtest.h>

namespace energylens::cost {
namespace {

/// One hour of eight GPUs that draw 500 W each.
constexpr Work kHour{.gpu_energy_j = 8 * 500 * 3600.0,
                     .gpu_energy_j_lo = 8 * 450 * 3600.0,
                     .gpu_energy_j_hi = 8 * 550 * 3600.0,
                     .gpu_seconds = 8 * 3600.0};

TEST(Cost, WithoutPricesThereIsEnergyAlone) {
  const Bill one = bill(kHour, {});
  EXPECT_DOUBLE_EQ(one.energy_kwh, 4);
  EXPECT_DOUBLE_EQ(one.energy_kwh_lo, 3.6);
  EXPECT_DOUBLE_EQ(one.energy_kwh_hi, 4.4);
  EXPECT_FALSE(known(one.cost)) << "unknown is not free";
  EXPECT_FALSE(known(one.energy_cost));
  EXPECT_FALSE(known(one.gpu_cost));
  EXPECT_FALSE(known(one.carbon_g));
  EXPECT_FALSE(Prices{}.any());
}

TEST(Cost, HostsAndSiteComeOnTop) {
  // 8 x (500 + 250) W x 1.3 = 7.8 kW
  const Bill one =
      bill(kHour, {.per_kwh = 0.2, .per_gpu_hour = 2.5, .carbon_g_per_kwh = 400, .pue = 1.3, .host_w = 250});
  EXPECT_DOUBLE_EQ(one.energy_kwh, 7.8);
  EXPECT_DOUBLE_EQ(one.energy_kwh_hi, 8 * 800 * 1.3 / 1000);
  EXPECT_DOUBLE_EQ(one.energy_cost, 1.56);
  EXPECT_DOUBLE_EQ(one.gpu_cost, 20);
  EXPECT_DOUBLE_EQ(one.cost, 21.56);
  EXPECT_DOUBLE_EQ(one.carbon_g, 3120);
}

TEST(Cost, APriceThatIsUnknownIsLeftOutOfTheSum) {
  EXPECT_DOUBLE_EQ(bill(kHour, {.per_kwh = 0.25}).cost, 1);
  EXPECT_DOUBLE_EQ(bill(kHour, {.per_gpu_hour = 2}).cost, 16);
}

TEST(Cost, TimeThatIsUnknownMakesWhatNeedsItUnknown) {
  Work work = kHour;
  work.gpu_seconds = kUnknown;
  EXPECT_DOUBLE_EQ(bill(work, {.per_kwh = 0.25}).cost, 1);
  EXPECT_FALSE(known(bill(work, {.per_kwh = 0.25, .host_w = 100}).cost));
  EXPECT_FALSE(known(bill(work, {.per_kwh = 0.25, .per_gpu_hour = 1}).cost));
}

TEST(Cost, TwiceTheWorkCostsTwice) {
  const Prices prices{
      .per_kwh = 0.2, .per_gpu_hour = 2.5, .carbon_g_per_kwh = 400, .pue = 1.3, .host_w = 250};
  Work twice = kHour;
  for (double* const amount :
       {&twice.gpu_energy_j, &twice.gpu_energy_j_lo, &twice.gpu_energy_j_hi, &twice.gpu_seconds})
    *amount *= 2;
  const Bill direct = bill(twice, prices), by_factor = scaled(bill(kHour, prices), 2);
  EXPECT_DOUBLE_EQ(direct.cost, by_factor.cost);
  EXPECT_DOUBLE_EQ(direct.energy_kwh_lo, by_factor.energy_kwh_lo);
  EXPECT_DOUBLE_EQ(direct.carbon_g, by_factor.carbon_g);
}

}  // namespace
}  // namespace energylens::cost
