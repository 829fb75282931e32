// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include "energylens/core/clock.hpp"

namespace energylens {

/// A clock that stands still while any of its threads works, and jumps to the next moment that one of them
/// waits for as soon as all of them wait. Its threads are the one that made it and those that it started; a
/// thread of another kind must not wait by it. The order of events, and so every figure, is the same on any
/// machine, however long the work takes.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(double steady_s = 1000, double wall_s = 1'700'000'000)
      : now_s_(steady_s), wall_minus_steady_s_(wall_s - steady_s) {}

  double steady_now_s() const override {
    const std::lock_guard state(mutex_);
    return now_s_;
  }
  double wall_now_s() const override {
    const std::lock_guard state(mutex_);
    return now_s_ + wall_minus_steady_s_;
  }
  /// What an administrator does to the system's clock.
  void set_wall_forward(double seconds) {
    const std::lock_guard state(mutex_);
    wall_minus_steady_s_ += seconds;
  }

  bool wait_until(double moment_s, std::unique_lock<std::mutex>& lock, std::condition_variable& changed,
                  const std::function<bool()>& done) override {
    while (!done()) {
      std::unique_lock state(mutex_);
      if (now_s_ >= moment_s) return false;
      Sleeper me{&changed, moment_s, false};
      sleepers_.push_back(&me);
      move_if_all_wait();
      lock.unlock();
      woken_.wait(state, [&] { return me.awake; });
      state.unlock();
      lock.lock();
    }
    return true;
  }

  void notify(std::condition_variable& changed) override {
    const std::lock_guard state(mutex_);
    wake([&](const Sleeper& one) { return one.changed == &changed; });
  }

  std::thread start(std::function<void()> work) override {
    const std::lock_guard state(mutex_);
    ++threads_;
    return std::thread([this, work = std::move(work)] {
      work();
      end_of_thread();
    });
  }

  void join(std::thread& thread) override {
    const std::thread::id id = thread.get_id();
    {
      const std::lock_guard state(mutex_);
      if (!ended_.contains(id)) {
        joined_.insert(id);
        move_if_all_wait();
      }
    }
    thread.join();
    const std::lock_guard state(mutex_);
    ended_.erase(id);  // which may be given to another thread
  }

 private:
  struct Sleeper {
    const std::condition_variable* changed;
    double moment_s;
    bool awake;
  };

  template <class Chosen>
  void wake(const Chosen& chosen) {
    std::erase_if(sleepers_, [&](Sleeper* one) { return chosen(*one) && (one->awake = true); });
    woken_.notify_all();
  }

  /// Requires: `mutex_` is held.
  void move_if_all_wait() {
    if (sleepers_.empty() || sleepers_.size() + joined_.size() < threads_) return;
    const double next_s = (*std::ranges::min_element(sleepers_, {}, &Sleeper::moment_s))->moment_s;
    if (std::isinf(next_s)) return;
    now_s_ = std::max(now_s_, next_s);
    wake([&](const Sleeper& one) { return one.moment_s <= now_s_; });
  }

  /// The thread that joins this one, if any, goes on in its place.
  void end_of_thread() {
    const std::lock_guard state(mutex_);
    --threads_;
    ended_.insert(std::this_thread::get_id());
    joined_.erase(std::this_thread::get_id());
    move_if_all_wait();
  }

  mutable std::mutex mutex_;
  std::condition_variable woken_;
  double now_s_, wall_minus_steady_s_;
  std::size_t threads_ = 1;
  std::vector<Sleeper*> sleepers_;
  std::set<std::thread::id> joined_, ended_;
};

}  // namespace energylens
