// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <nanobind/nanobind.h>

#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

#include "energylens/core/parallel.hpp"

namespace energylens::python {

/// How much of a long job is done, handed from the thread that works to the one that waits for it.
class SharedProgress {
 public:
  void set(std::string what, std::size_t done, std::size_t total) {
    const std::lock_guard lock(mutex_);
    what_ = std::move(what);
    done_ = done;
    total_ = total;
    changed_ = true;
  }
  /// Calls `report(what, done, total)` if there is news. Requires: the interpreter's lock.
  void pass_on(const nanobind::object& report) {
    std::unique_lock lock(mutex_);
    if (!std::exchange(changed_, false) || report.is_none()) return;
    const std::string what = what_;
    const std::size_t done = done_, total = total_;
    lock.unlock();
    report(what, done, total);
  }

 private:
  std::mutex mutex_;
  std::string what_;
  std::size_t done_ = 0, total_ = 0;
  bool changed_ = false;
};

/// Runs `work(cancel, progress)` in a thread of its own without the interpreter's lock. Meanwhile the caller passes
/// progress on to `report(what, done, total)`, unless that is None, and looks for Ctrl-C, which cancels the work and is
/// then raised as KeyboardInterrupt. Rethrows what the work throws.
template <class Work>
auto long_work(const nanobind::object& report, CancelToken& cancel, Work&& work) {
  using Result = decltype(work(std::declval<SharedProgress&>()));
  Result result{};
  std::exception_ptr thrown;
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  SharedProgress progress;
  std::thread worker([&] {
    try {
      result = work(progress);
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    done = true;
    ended.notify_one();
  });
  const auto wait = [&](std::chrono::milliseconds time) {
    const nanobind::gil_scoped_release released;
    std::unique_lock lock(mutex);
    return ended.wait_for(lock, time, [&] { return done; });
  };
  std::exception_ptr interrupted;
  while (!wait(std::chrono::milliseconds(interrupted ? 1000 : 50))) {
    if (interrupted) continue;
    try {
      if (PyErr_CheckSignals() != 0) throw nanobind::python_error();
      progress.pass_on(report);
    } catch (...) {  // Ctrl-C, or what `report` raised
      interrupted = std::current_exception();
      cancel.cancel();
    }
  }
  worker.join();
  if (interrupted) std::rethrow_exception(interrupted);
  if (thrown) std::rethrow_exception(thrown);
  progress.pass_on(report);
  return result;
}

}  // namespace energylens::python
