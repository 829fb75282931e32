// SPDX-License-Identifier: Apache-2.0
// A whole measurement on a fake clock, where all energies and times are known.
#include "campaign/measurement/measure.hpp"

#include <gmock/gmock.h>

#include "campaign/measurement/clocked_driver.hpp"

namespace energylens::campaign {
namespace {

using table::Column;
using Clocked = ClockedDriver;

constexpr double kPrefill_j = Clocked::kPrefill_w * Clocked::kPrefill_s;
constexpr double kDecode_s = 40 * Clocked::kToken_s;
constexpr double kDecode_j = Clocked::kDecode_w * kDecode_s;

Record measured(ClockedStation& at) {
  Station station;
  station.driver = std::make_unique<ClockedDriver>(at.clock, at.gpu);
  station.idle = measure_idle(at.context, at.plan.targets[0].deployment);
  return measure(at.context, station, {});
}

TEST(Measure, EnergiesAndTimesOfAJobAreThoseOfItsPhases) {
  ClockedStation at(R"("warmup": 0, "settle_s": 0, "idle_s": 1, "window_s": 5)");
  const Record record = measured(at);
  ASSERT_THAT(record.reasons, testing::IsEmpty());
  const table::RowCells& row = record.row;
  EXPECT_NEAR(row.number(Column::total_time_s), Clocked::kPrefill_s + kDecode_s, 1e-9);
  EXPECT_NEAR(row.number(Column::prefill_time_s), Clocked::kPrefill_s, 1e-9);
  EXPECT_NEAR(row.number(Column::total_energy_j), kPrefill_j + kDecode_j, 0.005 * (kPrefill_j + kDecode_j));
  EXPECT_NEAR(row.number(Column::prefill_energy_j), kPrefill_j, 0.01 * kPrefill_j);
  EXPECT_NEAR(row.number(Column::idle_power_w), Clocked::kIdle_w, 0.5);
  EXPECT_NEAR(row.number(Column::tpot_s), Clocked::kToken_s, 1e-9);
  EXPECT_NEAR(row.number(Column::ttft_s), Clocked::kPrefill_s, 1e-9);
  EXPECT_EQ(record.details.integer("jobs"), 5);
  EXPECT_EQ(record.details.integer("prefill_jobs"), 25);
  EXPECT_NEAR(record.details.number("split_prefill_energy_j"), kPrefill_j, 0.03 * kPrefill_j);
  EXPECT_NEAR(record.begin_s + record.seconds, at.clock.wall_now_s(), 1e-6);
}

TEST(Measure, AWallClockThatIsSetMeanwhileMakesItInvalid) {
  ClockedStation at(R"("warmup": 0, "settle_s": 0, "idle_s": 0, "window_s": 5)");
  Station station;
  auto driver = std::make_unique<ClockedDriver>(at.clock, at.gpu);
  driver->set_job_time([&](int job) {
    if (job == 3) at.clock.set_wall_forward(2);
    return 1;
  });
  station.driver = std::move(driver);
  const Record record = measure(at.context, station, {});
  ASSERT_FALSE(record.valid());
  EXPECT_THAT(record.reasons.front(), testing::HasSubstr("the clock was set forward by 2.00 s"));
}

TEST(Measure, IdlePowerIsMeasuredForAsLongAsThePlanSays) {
  ClockedStation at(R"("idle_s": 7)");
  const double begin_s = at.clock.steady_now_s();
  EXPECT_NEAR(measure_idle(at.context, at.plan.targets[0].deployment).watts, Clocked::kIdle_w, 0.1);
  EXPECT_NEAR(at.clock.steady_now_s() - begin_s, 7, 0.1);
  CancelToken cancel;
  cancel.cancel();
  at.options.cancel = &cancel;
  EXPECT_THROW(measure_idle(at.context, at.plan.targets[0].deployment), Error);
}

}  // namespace
}  // namespace energylens::campaign
