// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/clock.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fake_clock.hpp"

namespace energylens {
namespace {

TEST(RealClock, SleepsAtLeastAsLongAsAsked) {
  Clock& clock = real_clock();
  const double begin_s = clock.steady_now_s();
  EXPECT_TRUE(clock.sleep(0.01));
  EXPECT_GE(clock.steady_now_s() - begin_s, 0.01);
  EXPECT_TRUE(clock.sleep_until(begin_s)) << "that moment is over";
  EXPECT_GT(clock.wall_now_s(), 1.7e9);
}

TEST(RealClock, ACancelEndsASleep) {
  CancelToken cancel;
  std::thread other = real_clock().start([&] { cancel.cancel(); });
  EXPECT_FALSE(real_clock().sleep(1e6, &cancel));
  real_clock().join(other);
}

/// Waits in a thread for a flag that this one sets.
void wait_for_a_flag(Clock& clock) {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false, answered = false;
  std::thread other = clock.start([&] {
    std::unique_lock lock(mutex);
    clock.wait(lock, changed, [&] { return asked; });
    answered = true;
    clock.notify(changed);
  });
  {
    std::unique_lock lock(mutex);
    EXPECT_FALSE(clock.wait_until(clock.steady_now_s() + 0.01, lock, changed, [&] { return answered; }));
    asked = true;
    clock.notify(changed);
    EXPECT_TRUE(clock.wait_until(clock.steady_now_s() + 1e6, lock, changed, [&] { return answered; }));
  }
  clock.join(other);
}

TEST(Clock, AWaitEndsByItsConditionOrItsMoment) {
  wait_for_a_flag(real_clock());
  FakeClock fake;
  wait_for_a_flag(fake);
  EXPECT_DOUBLE_EQ(fake.steady_now_s(), 1000.01) << "the second wait took no time";
}

TEST(FakeClock, MovesFromMomentToMomentInOrder) {
  FakeClock clock(0);
  std::mutex mutex;
  std::vector<std::pair<double, char>> events;
  const auto note = [&](char who) {
    const std::lock_guard lock(mutex);
    events.emplace_back(clock.steady_now_s(), who);
  };
  std::thread other = clock.start([&] {
    for (int i = 0; i < 3; ++i) clock.sleep(10), note('b');
  });
  for (int i = 0; i < 2; ++i) clock.sleep(15), note('a');
  clock.join(other);
  // Both are due at 30, in either order.
  ASSERT_EQ(events.size(), 5u);
  events.resize(3);
  EXPECT_EQ(events, (std::vector<std::pair<double, char>>{{10, 'b'}, {15, 'a'}, {20, 'b'}}));
  EXPECT_EQ(clock.steady_now_s(), 30);
}

TEST(FakeClock, AJoinLetsTheOtherThreadsTimePass) {
  FakeClock clock(0, 500);
  for (const double seconds : {600.0, 3000.0}) {
    std::thread other = clock.start([&] { clock.sleep(seconds); });
    clock.join(other);
  }
  EXPECT_EQ(clock.steady_now_s(), 3600);
  EXPECT_EQ(clock.wall_now_s(), 4100);
  clock.set_wall_forward(-100);
  EXPECT_EQ(clock.wall_now_s(), 4000);
}

}  // namespace
}  // namespace energylens
