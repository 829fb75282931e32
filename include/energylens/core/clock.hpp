// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "energylens/core/parallel.hpp"

namespace energylens {

/// The source of time. Code that reads the time, or waits for it, takes a clock. Programs use `real_clock()`;
/// tests use one that moves only when all its threads wait, so that their figures are exact on any machine.
/// Safe from any thread.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Seconds that nobody can set back; the origin is arbitrary.
  virtual double steady_now_s() const = 0;
  /// Seconds since 1970, UTC; jumps when somebody sets the system's clock.
  virtual double wall_now_s() const = 0;

  /// Waits until `done()` is true, or until the steady clock reaches `moment_s`. Returns the last `done()`.
  /// `lock` is held whenever `done` is called, and on return. Whoever changes the answer of `done` calls
  /// `notify` with the same variable.
  virtual bool wait_until(double moment_s, std::unique_lock<std::mutex>& lock,
                          std::condition_variable& changed, const std::function<bool()>& done) = 0;
  /// The same without a limit.
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
            const std::function<bool()>& done);
  virtual void notify(std::condition_variable& changed) = 0;

  /// Sleeps until the steady clock reaches `moment_s`. Returns false as soon as `cancel`, if any, is set.
  bool sleep_until(double moment_s, const CancelToken* cancel = nullptr);
  /// The same, for this long.
  bool sleep(double seconds, const CancelToken* cancel = nullptr);

  /// Starts a thread that uses this clock, and waits for its end. Throws Error (io) if none can be made.
  virtual std::thread start(std::function<void()> work);
  virtual void join(std::thread& thread);
};

/// The clocks of the operating system.
Clock& real_clock();

}  // namespace energylens
