// SPDX-License-Identifier: Apache-2.0
// parallel_for on oneTBB: a private arena bounds the threads, grains of one index keep long
// bodies balanced. Held by parallel_test.cpp.
#include "energylens/core/parallel.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>
#include <oneapi/tbb/task_arena.h>

#include <mutex>

namespace energylens {

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
  tbb::task_arena arena(run.threads > 0 ? run.threads : tbb::task_arena::automatic);
  arena.execute([&] {
    tbb::parallel_for(
        tbb::blocked_range<std::size_t>(0, n, 1),
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) run_one(i);
        },
        tbb::simple_partitioner());
  });
  return done;
}

}  // namespace energylens
