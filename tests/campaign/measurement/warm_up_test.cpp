// SPDX-License-Identifier: Apache-2.0
// When a warm-up ends, on a fake clock.
#include <gmock/gmock.h>

#include "campaign/measurement/attempt.hpp"
#include "campaign/measurement/clocked_driver.hpp"
#include "campaign/measurement/idle.hpp"

namespace energylens::campaign {
namespace {

using testing::IsEmpty;

/// Warms up; the record's details and warnings tell how it went.
Record warmed(ClockedStation& at, int least = 0) {
  const Run run;
  Attempt attempt(at.context, at.driver, run);
  attempt.selection = selection_for(at.context.meters, attempt.target().deployment.layout);
  warm_up(attempt, attempt.osl(), least);
  return std::move(attempt.record);
}

TEST(WarmUp, EndsWhenTwoConsecutiveJobsTakeTheSameTime) {
  ClockedStation at(R"("settle_s": 100)");
  at.driver.set_job_time([](int job) { return job < 3 ? 3.0 - job : 1.01; });
  const Record record = warmed(at);
  EXPECT_EQ(at.driver.jobs, 4) << "3 s, 2 s, 1 s, 1.01 s";
  EXPECT_TRUE(record.details.at("warm_up").boolean("even"));
  EXPECT_THAT(record.warnings, IsEmpty()) << "no temperature is known, so none is waited for";
}

TEST(WarmUp, EndsAtItsLimitWhereJobsGoOnDiffering) {
  ClockedStation at(R"("settle_s": 10)");
  at.driver.set_job_time([](int job) { return 1.0 + job % 2; });
  const Record record = warmed(at);
  EXPECT_EQ(at.driver.jobs, 7) << "1 + 2 + 1 + 2 + 1 + 2 + 1 s";
  EXPECT_FALSE(record.details.at("warm_up").boolean("even"));
  EXPECT_NEAR(record.details.at("warm_up").number("seconds"), 10, 1e-6);
}

TEST(WarmUp, IsNoLongerThanAskedForWithoutAnyLimit) {
  ClockedStation at(R"("settle_s": 0)");
  at.driver.set_job_time([](int job) { return 1.0 + job % 2; });
  warmed(at, 3);
  EXPECT_EQ(at.driver.jobs, 3);
}

TEST(WarmUp, WaitsUntilTheTemperatureIsStable) {
  ClockedStation at(R"("settle_s": 10, "settle_slope": 6, "settle_over_s": 10, "settle_limit_s": 600)");
  at.driver.set_job_time([](int) { return 1.0; });
  const double begin_s = at.clock.steady_now_s();
  at.gpu.set_temperature([=](double time_s) { return 40 + std::min(time_s - begin_s, 120.0) / 6; });
  const Record record = warmed(at);
  EXPECT_GT(at.driver.jobs, 120) << "10 degrees per minute, for two minutes";
  EXPECT_LT(at.driver.jobs, 131) << "and then the slope is below 6 before all of the 10 s are flat";
  EXPECT_TRUE(record.details.at("warm_up").boolean("still"));
  EXPECT_THAT(record.warnings, IsEmpty());
}

TEST(WarmUp, EndsAtItsLimitWithAWarningWhereTheTemperatureGoesOnRising) {
  ClockedStation at(R"("settle_s": 10, "settle_slope": 6, "settle_over_s": 10, "settle_limit_s": 60)");
  at.driver.set_job_time([](int) { return 1.0; });
  at.gpu.set_temperature([](double time_s) { return time_s / 6; });
  const Record record = warmed(at);
  EXPECT_EQ(at.driver.jobs, 60);
  EXPECT_THAT(record.warnings,
              testing::ElementsAre(testing::HasSubstr("the temperature changed by 10.0 degrees per minute")));
}

}  // namespace
}  // namespace energylens::campaign
