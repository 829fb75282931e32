// SPDX-License-Identifier: Apache-2.0
#include "campaign/schedule.hpp"

#include <gmock/gmock.h>

#include "campaign/plans.hpp"
#include "energylens/core/error.hpp"

namespace energylens::campaign {
namespace {

/// All measurements in their order, each taking `joules(n)`.
template <class Joules>
std::vector<Record> played(const Plan& plan, std::vector<Record> records, const Joules& joules) {
  Schedule schedule(plan, records);
  while (const auto run = schedule.next()) {
    records.push_back(made_record(plan, run->target, run->attempt, run->repeat, joules(records.size())));
    schedule.add(records.back());
  }
  return records;
}

std::vector<std::string> order_of(const std::vector<Record>& records) {
  std::vector<std::string> order;
  for (const Record& record : records) order.push_back(record.what + " #" + std::to_string(record.repeat));
  return order;
}

TEST(Schedule, MeasuresEveryConfigurationSoOftenAndNoneTwice) {
  const Plan plan = small_plan();
  const auto order = order_of(played(plan, {}, [](std::size_t) { return 1.0; }));
  EXPECT_EQ(order.size(), 16u);
  EXPECT_EQ(std::set<std::string>(order.begin(), order.end()).size(), 16u);
}

TEST(Schedule, StoppedAnywhereItGoesOnAsIfItHadNot) {
  const Plan plan = small_plan();
  const auto one = [](std::size_t) { return 1.0; };
  const std::vector<Record> whole = played(plan, {}, one);
  for (std::size_t stop = 0; stop <= whole.size(); ++stop) {
    const std::vector<Record> begun(whole.begin(), whole.begin() + static_cast<long>(stop));
    EXPECT_EQ(order_of(played(plan, begun, one)), order_of(whole)) << stop;
  }
}

TEST(Schedule, PassesOverAllConfigurationsOfADeploymentInOrdersOfTheirOwn) {
  const std::vector<Record> all = played(small_plan(), {}, [](std::size_t) { return 1.0; });
  std::vector<std::size_t> first, second;
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(all[i].attempt, static_cast<int>(i % 8 / 4)) << "passes";
    EXPECT_EQ(all[i].target / 4, all[i / 8 * 8].target / 4) << "one deployment after the other";
    if (i < 4) first.push_back(all[i].target);
    if (i >= 4 && i < 8) second.push_back(all[i].target);
  }
  EXPECT_NE(first, second);
}

TEST(Schedule, ARowThatIsRefusedLaterIsMeasuredAgainUnderItsOwnNumber) {
  const Plan plan = small_plan();
  std::vector<Record> all = played(plan, {}, [](std::size_t) { return 1.0; });
  Record& refused = all[3];
  const int repeat = refused.repeat;
  refused.reasons = {"the row in the journal is not valid in a measurement table"};
  refused.row = {};
  const auto run = Schedule(plan, all).next();
  ASSERT_TRUE(run);
  EXPECT_EQ(run->target, refused.target);
  EXPECT_EQ(run->repeat, repeat);
  EXPECT_EQ(run->attempt, 2) << "no attempt is overwritten";
}

TEST(Schedule, RoundsComeBackToEachDeployment) {
  Plan plan = small_plan();
  plan.settings.rounds = 2;
  const std::vector<Record> all = played(plan, {}, [](std::size_t) { return 1.0; });
  ASSERT_EQ(all.size(), 16u);
  int changes = 0;
  for (std::size_t i = 1; i < all.size(); ++i) changes += all[i].target / 4 != all[i - 1].target / 4;
  EXPECT_GE(changes, 2);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(all[i].attempt, 0);
}

TEST(Schedule, AnotherSeedIsAnotherOrder) {
  Plan plan = small_plan();
  const auto one = [](std::size_t) { return 1.0; };
  const auto order = order_of(played(plan, {}, one));
  plan.seed = 8;
  EXPECT_NE(order_of(played(plan, {}, one)), order);
}

TEST(Schedule, RepeatsUntilTheMeanIsKnownWellEnough) {
  Plan plan = small_plan();
  plan.targets.resize(1);
  plan.settings.repeats = 3;
  plan.settings.max_repeats = 8;
  plan.settings.width = 0.02;
  const auto count = [&](double spread) {
    return played(plan, {}, [&](std::size_t n) { return 100 + (n % 2 == 0 ? spread : -spread); }).size();
  };
  EXPECT_EQ(count(0.01), 3u);
  EXPECT_EQ(count(20), 8u);
  EXPECT_GT(count(1.8), 3u);
  EXPECT_LT(count(1.8), 8u);
}

TEST(Schedule, TheHalfWidthIsStudents) {
  // Mean 10, standard deviation 1, n = 3: 4.3027 / sqrt(3) / 10.
  EXPECT_NEAR(relative_half_width(std::vector<double>{9, 10, 11}), 0.24841, 1e-5);
  EXPECT_FALSE(known(relative_half_width(std::vector<double>{9})));
}

TEST(Schedule, GivesUpAfterFailuresAndTriesAgainWhenResumed) {
  Plan plan = small_plan();
  plan.targets.resize(1);
  plan.settings.max_failures = 2;
  std::vector<Record> records;
  Schedule schedule(plan, records);
  while (const auto run = schedule.next()) {
    Record record = made_record(plan, run->target, run->attempt, -1, 1);
    record.reasons = {"gap"};
    records.push_back(record);
    schedule.add(record);
  }
  EXPECT_EQ(records.size(), 2u);
  EXPECT_TRUE(schedule.given_up(0));
  const auto again = Schedule(plan, records).next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt, 2);
  EXPECT_EQ(again->repeat, 0);
}

TEST(Schedule, AServerThatDoesNotStartIsTriedThriceAndNotThriceForEachConfiguration) {
  const Plan plan = small_plan();
  Schedule schedule(plan, {});
  int starts = 0;
  while (const auto run = schedule.next()) {
    Record record = made_record(plan, run->target, run->attempt, -1, 1);
    record.reasons = {"no"};
    record.start_failed = true;
    ++starts;
    schedule.add(record);
  }
  EXPECT_EQ(starts, 2 * plan.settings.max_failures);
}

TEST(Schedule, ARecordOfAnotherPlanIsRefused) {
  const Plan plan = small_plan();
  Record record = made_record(plan, 2, 0, 0, 1);
  record.what = "something else";
  EXPECT_THROW(Schedule(plan, std::vector<Record>{record}), Error);
}

TEST(Schedule, TellsWhatIsLeft) {
  Plan plan = small_plan();
  for (Target& target : plan.targets) target.expected_s = 10;
  plan.settings.window_s = 2;
  double known_part = 0;
  EXPECT_NEAR(Schedule(plan, {}).seconds_left(&known_part), 16 * (10 + 10 + 2 + 1), 1e-9);
  EXPECT_EQ(known_part, 1);
  plan.targets.front().expected_s = kUnknown;
  Schedule(plan, {}).seconds_left(&known_part);
  EXPECT_LT(known_part, 1);
  EXPECT_EQ(Schedule(plan, std::vector<Record>{made_record(plan, 0, 0, 0, 1)}).least_left(), 15u);
}

}  // namespace
}  // namespace energylens::campaign
