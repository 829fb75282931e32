// SPDX-License-Identifier: Apache-2.0
#include "table/derive.hpp"

#include <gtest/gtest.h>

namespace energylens::table {
namespace {

Load load_of(RowKind kind, double batch, double osl) {
  Load load;
  load.kind = kind;
  load.batch = batch;
  load.osl = osl;
  return load;
}

Results derived(Results results, const Load& load) {
  derive(results, load);
  return results;
}

const Load kJob = load_of(RowKind::job, 4, 100);
const Load kSteady = load_of(RowKind::steady, 4, 100);

TEST(Derive, ATotalFollowsFromWhatIsMeasured) {
  Results per_request, per_token, phases, power;
  per_request.energy_per_request_j = 200;
  per_token.energy_per_out_token_j = 2;
  phases.prefill_energy_j = 300;
  phases.decode_energy_j = 500;
  power.avg_power_w = 400;
  power.total_time_s = 2;
  for (const Results& results : {per_request, per_token, phases, power}) {
    const Results all = derived(results, kJob);
    EXPECT_EQ(all.total_energy_j, 800);
    EXPECT_EQ(all.energy_per_request_j, 200);
    EXPECT_EQ(all.energy_per_out_token_j, 2);
  }
}

TEST(Derive, TheRestOfATotalIsNoMeasurementOfAPhase) {
  Results results;
  results.total_energy_j = 800;
  results.prefill_energy_j = 300;
  results.total_time_s = 5;
  results.decode_time_s = 4;
  const Results all = derived(results, kJob);
  EXPECT_FALSE(known(all.decode_energy_j));
  EXPECT_FALSE(known(all.prefill_time_s));
  EXPECT_EQ(all.avg_power_w, 160);
  EXPECT_EQ(all.throughput_tok_s, 80);
}

TEST(Derive, MeasuredValuesAreNeverReplaced) {
  Results results;
  results.total_energy_j = 801;
  results.energy_per_request_j = 200;
  results.avg_power_w = 9;
  results.total_time_s = 1;
  const Results all = derived(results, kJob);
  EXPECT_EQ(all.total_energy_j, 801);
  EXPECT_EQ(all.energy_per_request_j, 200);
  EXPECT_EQ(all.avg_power_w, 9);
}

TEST(Derive, SteadyEnergiesFollowFromOneAnother) {
  Results total, request, power;
  total.total_energy_j = 800;
  request.energy_per_request_j = 200;
  power.avg_power_w = 100;
  power.throughput_tok_s = 50;
  for (const Results& results : {total, request, power}) {
    const Results all = derived(results, kSteady);
    EXPECT_EQ(all.energy_per_out_token_j, 2);
    EXPECT_EQ(all.total_energy_j, 800);
    EXPECT_EQ(all.energy_per_request_j, 200);
  }
  EXPECT_FALSE(known(derived(total, kSteady).total_time_s)) << "a steady state has no end";
}

// Little's law: 50 tokens a second, each 0.1 s after the one before, are five requests at a time.
TEST(Derive, RequestsInFlightFollowFromThroughputAndLatency) {
  Load load = load_of(RowKind::steady, kUnknown, 100);
  Results results;
  results.throughput_tok_s = 50;
  EXPECT_FALSE(known(in_flight(results, load)));
  results.tpot_s = 0.1;
  EXPECT_DOUBLE_EQ(in_flight(results, load), 5);
  results.ttft_s = 2;
  EXPECT_DOUBLE_EQ(in_flight(results, load), 6);
  load.concurrency = 4;
  EXPECT_DOUBLE_EQ(in_flight(results, load), 4);
  load.kind = RowKind::job;
  EXPECT_FALSE(known(in_flight(results, load)));
}

TEST(Derive, WhatNoDoubleHoldsStaysUnknown) {
  Results huge, tiny;
  huge.energy_per_out_token_j = 1e200;
  EXPECT_FALSE(known(derived(huge, load_of(RowKind::job, 1e200, 1)).total_energy_j));
  tiny.energy_per_request_j = 1e-200;
  EXPECT_FALSE(known(derived(tiny, load_of(RowKind::job, 1e-200, 1)).total_energy_j));
}

TEST(Derive, NothingFollowsFromNothing) {
  const Results all = derived({}, Load{});
  EXPECT_FALSE(known(all.total_energy_j) || known(all.total_time_s) || known(all.avg_power_w));
}

}  // namespace
}  // namespace energylens::table
