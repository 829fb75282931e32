// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/parallel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "energylens/core/rng.hpp"

namespace energylens {
namespace {

class ParallelFor : public testing::TestWithParam<int> {
 protected:
  RunOptions run() const { return {.threads = GetParam(), .progress = {}, .cancel = nullptr}; }
};
INSTANTIATE_TEST_SUITE_P(Threads, ParallelFor, testing::Values(0, 1, 2, 16));

double slot(std::size_t i) {
  return std::sin(static_cast<double>(splitmix64(i) % 1000)) / 3;
}

TEST_P(ParallelFor, GivesTheSameAnswerAtAnyNumberOfThreads) {
  std::vector<double> serial(1000), parallel(1000);
  for (std::size_t i = 0; i < serial.size(); ++i) serial[i] = slot(i);
  EXPECT_EQ(parallel_for(parallel.size(), run(), [&](std::size_t i) { parallel[i] = slot(i); }), 1000u);
  EXPECT_EQ(parallel, serial);
}

TEST_P(ParallelFor, RunsEachIndexOnceAndReportsAll) {
  std::vector<std::atomic<int>> runs(257);
  std::vector<std::size_t> reported;
  RunOptions options = run();
  options.progress = [&](std::size_t done, std::size_t total) {
    EXPECT_EQ(total, 257u);
    reported.push_back(done);
  };
  parallel_for(runs.size(), options, [&](std::size_t i) { ++runs[i]; });
  for (const auto& count : runs) EXPECT_EQ(count, 1);
  ASSERT_EQ(reported.size(), 257u);
  for (std::size_t i = 0; i < reported.size(); ++i) EXPECT_EQ(reported[i], i + 1);
}

TEST_P(ParallelFor, RethrowsWhatABodyThrows) {
  const auto body = [](std::size_t i) {
    if (i == 37) throw std::runtime_error("thirty-seven");
  };
  try {
    parallel_for(100, run(), body);
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "thirty-seven");
  }
}

TEST_P(ParallelFor, BeginsNothingAfterACancel) {
  CancelToken token;
  RunOptions options = run();
  options.cancel = &token;
  std::atomic<std::size_t> begun = 0;
  const std::size_t done = parallel_for(100000, options, [&](std::size_t) {
    if (++begun == 10) token.cancel();
  });
  EXPECT_EQ(done, begun);
  EXPECT_GE(done, 10u);
  EXPECT_LT(done, 10u + 64u);  // those that had begun on other threads
  EXPECT_EQ(parallel_for(5, options, [](std::size_t) { FAIL(); }), 0u);
}

TEST_P(ParallelFor, NestsAndAcceptsNothingToDo) {
  EXPECT_EQ(parallel_for(0, run(), [](std::size_t) { FAIL(); }), 0u);
  std::atomic<int> inner = 0;
  parallel_for(8, run(), [&](std::size_t) { parallel_for(8, run(), [&](std::size_t) { ++inner; }); });
  EXPECT_EQ(inner, 64);
}

}  // namespace
}  // namespace energylens
