// SPDX-License-Identifier: Apache-2.0
// Held by clock_test.cpp, which holds the fake clock of the tests to the same contract.
#include "energylens/core/clock.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <system_error>

#include "energylens/core/error.hpp"

namespace energylens {
namespace {

constexpr double kForever_s = std::numeric_limits<double>::infinity();

class RealClock final : public Clock {
 public:
  double steady_now_s() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  double wall_now_s() const override {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  bool wait_until(double moment_s, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  const std::function<bool()>& done) override {
    constexpr double kLongest_s = 3600;  // longer waits could overflow the operating system's type
    while (!done()) {
      const double left_s = moment_s - steady_now_s();
      if (left_s <= 0) return false;
      changed.wait_for(lock, std::chrono::duration<double>(std::min(left_s, kLongest_s)));
    }
    return true;
  }

  void notify(std::condition_variable& changed) override { changed.notify_all(); }
};

}  // namespace

void Clock::wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                 const std::function<bool()>& done) {
  wait_until(kForever_s, lock, changed, done);
}

bool Clock::sleep_until(double moment_s, const CancelToken* cancel) {
  constexpr double kBetweenLooks_s = 0.01;  // a token has nobody to notify: a signal handler may set it
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable never;
  for (;;) {
    if (cancel && cancel->cancelled()) return false;
    const double now_s = steady_now_s();
    if (now_s >= moment_s) return true;
    const double until_s = cancel ? std::min(moment_s, now_s + kBetweenLooks_s) : moment_s;
    wait_until(until_s, lock, never, [] { return false; });
  }
}

bool Clock::sleep(double seconds, const CancelToken* cancel) {
  return sleep_until(steady_now_s() + seconds, cancel);
}

std::thread Clock::start(std::function<void()> work) {
  try {
    return std::thread(std::move(work));
  } catch (const std::system_error&) {
    throw Error(ErrorCode::io, {},
                "the system does not give another thread: raise its limits (ulimit -u, -v)");
  }
}

void Clock::join(std::thread& thread) {
  thread.join();
}

Clock& real_clock() {
  static RealClock clock;
  return clock;
}

}  // namespace energylens
