// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <utility>

namespace energylens {

/// Ends long work early. Cancelled from another thread, a signal handler, or by a condition such as a deadline, which
/// may be called from any thread.
class CancelToken {
 public:
  CancelToken() = default;
  explicit CancelToken(std::function<bool()> also) : also_(std::move(also)) {}
  void cancel() noexcept { cancelled_.store(true, std::memory_order_relaxed); }
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed) || (also_ && also_()); }

 private:
  std::function<bool()> also_;
  std::atomic<bool> cancelled_{false};
};

/// Receives how much of a long job is done. May be empty; called from one thread at a time.
using Progress = std::function<void(std::size_t done, std::size_t total)>;

/// How to run long work. Changes only the speed, never the result.
struct RunOptions {
  int threads = 0;  ///< 0: all cores
  Progress progress;
  const CancelToken* cancel = nullptr;
};

/// Calls `body(i)` for every i in [0, n), on several threads. If bodies write into slot i and the slots are reduced
/// afterwards in index order, the result does not depend on the number of threads. After a cancel no new index is
/// started. Returns the number of indices that were run, which are not necessarily the first ones. The first exception
/// of a body is rethrown.
std::size_t parallel_for(std::size_t n, const RunOptions& run, const std::function<void(std::size_t)>& body);

}  // namespace energylens
