// SPDX-License-Identifier: Apache-2.0
#include "predictor/waves.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace energylens::predictor {
namespace {

/// The slow obvious reference: hands out blocks of 64 tokens from a pool, request by request, until one does
/// not get all it needs; then runs the wave and starts over. Sizes of the waves.
std::vector<int> allocate(int capacity_tokens, int tokens, int batch) {
  std::vector<int> waves;
  while (batch > 0) {
    int free_blocks = capacity_tokens / 64;
    int running = 0;
    for (; running < batch; ++running) {
      int taken = 0;
      for (int held = 0; held < tokens; held += 64) ++taken;
      if (taken > free_blocks) break;
      free_blocks -= taken;
    }
    if (running == 0) return {};
    waves.push_back(running);
    batch -= running;
  }
  return waves;
}

table::Configuration job(double capacity, double isl, double osl, double batch, int dp = 1) {
  table::Configuration config;
  config.layout = {1, 1, dp, 1};
  config.load.batch = batch;
  config.load.isl = isl;
  config.load.osl = osl;
  config.kv_capacity_tokens = capacity;
  return config;
}

/// Energy of a job by the wave rule, from the energy of one wave.
double energy(const Waves& waves, double (*one_wave)(double)) {
  return waves.full * one_wave(waves.size) + one_wave(waves.remainder);
}

RC_GTEST_PROP(Waves, AgreeWithABlockAllocator, ()) {
  const int capacity = *rc::gen::inRange(0, 20000);
  const int isl = *rc::gen::inRange(1, 3000);
  const int osl = *rc::gen::inRange(1, 3000);
  const int batch = *rc::gen::inRange(1, 200);
  const std::vector<int> expected = allocate(capacity, isl + osl, batch);
  const Waves found = waves(job(capacity, isl, osl, batch));
  RC_ASSERT(found.count() == static_cast<double>(expected.size()));
  double sum = found.full * found.size + found.remainder;
  RC_ASSERT(sum == (expected.empty() ? 0 : batch));
  if (found.full > 0) RC_ASSERT(found.size == expected.front());
  if (found.remainder > 0) RC_ASSERT(found.remainder == expected.back());
}

RC_GTEST_PROP(Waves, EnergyGrowsWithTheBatchForConcaveWaves, ()) {
  const double capacity = *rc::gen::inRange(100, 20000);
  const double osl = *rc::gen::inRange(1, 100);
  const double batch = *rc::gen::inRange(1, 400);
  if (requests_at_once(capacity, 1, osl) < 1) return;
  constexpr double (*kConcave[])(double) = {[](double b) { return b; }, [](double b) { return std::sqrt(b); },
                                            [](double b) { return b > 0 ? 5 + b : 0; },
                                            [](double b) { return std::min(b, 7.0); },
                                            [](double b) { return std::log1p(b); }};
  for (const auto one_wave : kConcave) {
    const double less = energy(waves(job(capacity, 1, osl, batch)), one_wave);
    const double more = energy(waves(job(capacity, 1, osl, batch + 1)), one_wave);
    RC_ASSERT(more >= less * (1 - 1e-12));
  }
}

// Capacities read off the steps of a public data set, Llama-3-70B on eight RTX 4090, isl = 1.
TEST(Waves, OfRealCapacities) {
  EXPECT_EQ(requests_at_once(82500, 1, 1024), 75);  // tp8: 17 blocks a request
  EXPECT_EQ(requests_at_once(97500, 1, 1024), 89);  // tp4pp2
  EXPECT_EQ(requests_at_once(37500, 1, 1024), 34);  // tp1pp8
  EXPECT_EQ(requests_at_once(82500, 1, 2048), 39);
  EXPECT_EQ(requests_at_once(82500, 1, 1280), 61);
  const Waves tp8 = waves(job(82500, 1, 1024, 80));
  EXPECT_EQ(tp8.full, 1);
  EXPECT_EQ(tp8.size, 75);
  EXPECT_EQ(tp8.remainder, 5);
  EXPECT_EQ(tp8.count(), 2);
  EXPECT_EQ(waves(job(97500, 1, 1024, 80)).count(), 1);
}

TEST(Waves, AtTheEdges) {
  EXPECT_EQ(waves(job(64, 32, 32, 3)).count(), 3);   // one block each
  EXPECT_EQ(waves(job(63, 32, 32, 3)).count(), 0);   // M = 0: invalid
  EXPECT_EQ(waves(job(128, 32, 33, 3)).count(), 3);  // one token more takes a second block
  const Waves exact = waves(job(640, 32, 32, 20));
  EXPECT_EQ(exact.full, 2);
  EXPECT_EQ(exact.remainder, 0);
  EXPECT_EQ(waves(job(kUnknown, 1, 1, 1e6)).count(), 1);
  EXPECT_EQ(requests_at_once(640, kUnknown, kUnknown), 10);
}

TEST(Waves, ReplicasShareTheBatch) {
  const Waves each = waves(job(640, 32, 32, 40, 2));
  EXPECT_EQ(each.full, 2);
  EXPECT_EQ(each.remainder, 0);
  table::Layout layout{1, 1, 4, 1};
  EXPECT_EQ(replicas(layout), 4);
  layout.ep = 4;
  EXPECT_EQ(replicas(layout), 1);
}

TEST(Waves, ReplicasHaveWholeRequests) {
  const table::Configuration uneven = job(21 * 64, 32, 32, 64, 3);
  EXPECT_EQ(waves(uneven).full, 1) << "of the replica with 22 requests";
  EXPECT_EQ(waves(uneven).remainder, 1);
  const auto all = waves_of_all_replicas(uneven);
  EXPECT_EQ(all[0].count, 3);
  EXPECT_EQ(all[0].size, 21);
  EXPECT_EQ(all[1].count, 0);
  EXPECT_EQ(all[2].count, 1);
  EXPECT_EQ(all[2].size, 1);
}

/// Requests dealt out in turn, each replica with waves of its own.
RC_GTEST_PROP(Waves, OfAllReplicasAreThoseOfEachTogether, ()) {
  const int capacity = *rc::gen::inRange(64, 4000), dp = *rc::gen::inRange(1, 9);
  const int batch = *rc::gen::inRange(1, 200);
  std::map<double, double> expected, found;
  for (int r = 0; r < dp; ++r) {
    for (const int size : allocate(capacity, 64, batch / dp + (r < batch % dp ? 1 : 0))) ++expected[size];
  }
  for (const EqualWaves& equal : waves_of_all_replicas(job(capacity, 32, 32, batch, dp)))
    if (equal.count > 0) found[equal.size] += equal.count;
  RC_ASSERT(found == expected);
}

TEST(Waves, AServerLimitsJobs) {
  table::Configuration limited = job(kUnknown, 32, 32, 64);
  limited.load.max_batch = 16;
  EXPECT_EQ(waves(limited).full, 4);
  EXPECT_EQ(waves(limited).size, 16);
  limited.layout.dp = 4;  // 16 each, at most 4 at once
  EXPECT_EQ(waves(limited).full, 4);
  EXPECT_EQ(waves(limited).size, 4);
  limited.kv_capacity_tokens = 128;
  EXPECT_EQ(waves(limited).size, 2);
  limited.load.max_batch = 1;
  EXPECT_EQ(waves(limited).size, 1);
}

TEST(Waves, MeanNumbersOfRequestsAreSharedEvenly) {
  EXPECT_EQ(waves(job(kUnknown, 32, 32, 7.5, 3)).remainder, 2.5);
  const auto all = waves_of_all_replicas(job(kUnknown, 32, 32, 7.5, 3));
  EXPECT_EQ(all[1].count, 3);
  EXPECT_EQ(all[1].size, 2.5);
}

TEST(Waves, SteadyRowsAreOneWave) {
  table::Configuration steady = job(640, 32, 32, 7.5);
  steady.load.kind = table::RowKind::steady;
  EXPECT_EQ(waves(steady).count(), 1);
  EXPECT_EQ(waves(steady).remainder, 7.5);
}

}  // namespace
}  // namespace energylens::predictor
