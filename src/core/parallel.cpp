// SPDX-License-Identifier: Apache-2.0
// parallel_for on oneTBB: a private arena bounds the threads, grains of one index keep long bodies balanced.
// ThreadSanitizer cannot see how TBB's own library, which is not instrumented, hands tasks over; under it,
// plain threads take the indices. Held by parallel_test.cpp.
#include "energylens/core/parallel.hpp"

#ifndef __SANITIZE_THREAD__
#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>
#endif

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace energylens {
namespace {

#ifdef __SANITIZE_THREAD__
void run_all(std::size_t n, int threads, const std::function<void(std::size_t)>& run_one) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr first;
  const auto work = [&] {
    try {
      for (std::size_t i; (i = next.fetch_add(1)) < n;) run_one(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
      next = n;
    }
  };
  const std::size_t wanted =
      threads > 0 ? static_cast<std::size_t>(threads) : std::thread::hardware_concurrency();
  std::vector<std::thread> pool;
  for (std::size_t i = 0; i < std::min(n, wanted); ++i) pool.emplace_back(work);
  for (std::thread& thread : pool) thread.join();
  if (first) std::rethrow_exception(first);
}
#else
void run_all(std::size_t n, int threads, const std::function<void(std::size_t)>& run_one) {
  tbb::task_arena arena(threads > 0 ? threads : tbb::task_arena::automatic);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, n, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) run_one(i);
        },
        tbb::simple_partitioner());
  });
}
#endif

}  // namespace

std::size_t parallel_for(std::size_t n, const RunOptions& run, const std::function<void(std::size_t)>& body) {
  std::mutex progress_mutex;
  std::size_t done = 0;
  const auto run_one = [&](std::size_t i) {
    if (run.cancel && run.cancel->cancelled()) return;
    body(i);
    const std::lock_guard lock(progress_mutex);
    ++done;
    if (run.progress) run.progress(done, n);
  };
  if (run.threads == 1 || n < 2) {
    for (std::size_t i = 0; i < n; ++i) run_one(i);
    return done;
  }
  run_all(n, run.threads, run_one);
  return done;
}

}  // namespace energylens
