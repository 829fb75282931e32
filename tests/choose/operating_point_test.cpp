// SPDX-License-Identifier: Apache-2.0
#include "choose/operating_point.hpp"

#include <gtest/gtest.h>

#include "choose/fake_predictor.hpp"

namespace energylens::choose {
namespace {

Question question(Arrival arrival, double amount) {
  Question q;
  q.arrival = arrival;
  q.amount = amount;
  q.request.isl = 500;
  q.request.osl = 100;
  q.total_gpus = 8;
  return q;
}

OperatingPoint resolve(const FakePredictor& fake, const Question& q, const table::Layout& layout = {}) {
  return operating_point(fake, roomy_facts(), q, layout);
}

TEST(OperatingPoint, JobsStartAllAtOnce) {
  const OperatingPoint point = resolve({}, question(Arrival::batch, 30), {.tp = 1, .dp = 3});
  EXPECT_EQ(point.rejected, "");
  EXPECT_EQ(point.config.load.kind, table::RowKind::job);
  EXPECT_DOUBLE_EQ(point.config.load.batch, 30);
  EXPECT_DOUBLE_EQ(point.service_s, 1 + 0.1 * 10);
  EXPECT_DOUBLE_EQ(point.throughput_rps, 15);
}

TEST(OperatingPoint, RequestsInFlightAreExactlyThoseAsked) {
  // 29 / 7 * 7 is not 29 in binary arithmetic.
  for (const Arrival arrival : {Arrival::batch, Arrival::concurrency})
    EXPECT_EQ(resolve({}, question(arrival, 29), {.tp = 1, .dp = 7}).config.load.batch, 29);
}

TEST(OperatingPoint, ClosedLoopSharesClientsAmongReplicas) {
  const OperatingPoint point = resolve({}, question(Arrival::concurrency, 12), {.tp = 1, .dp = 4});
  EXPECT_EQ(point.config.load.kind, table::RowKind::steady);
  EXPECT_DOUBLE_EQ(point.config.load.batch, 12);
  EXPECT_DOUBLE_EQ(point.service_s, 1.3);
  EXPECT_DOUBLE_EQ(point.wait_s, 0);
}

TEST(OperatingPoint, ClosedLoopIsLimitedByTheServerAndTheRestWaits) {
  Question q = question(Arrival::concurrency, 40);
  q.max_per_replica = 10;
  const OperatingPoint point = resolve({}, q, {.tp = 1, .dp = 2});
  EXPECT_DOUBLE_EQ(point.config.load.batch, 20);
  EXPECT_DOUBLE_EQ(point.config.load.max_batch, 20);
  EXPECT_DOUBLE_EQ(point.wait_s, 2.0 * (20.0 - 10) / 10);
  // Little's law over the whole loop: clients = throughput * (wait + service).
  EXPECT_DOUBLE_EQ(point.throughput_rps * (point.wait_s + point.service_s), 40);
}

TEST(OperatingPoint, ClosedLoopIsLimitedByTheKvCache) {
  FakePredictor fake;
  fake.capacity_tokens = 640 * 5;  // 600 tokens of a request take ten blocks of 64: M = 5
  EXPECT_DOUBLE_EQ(resolve(fake, question(Arrival::concurrency, 12)).config.load.batch, 5);
  Question q = question(Arrival::concurrency, 12);
  q.kv_capacity_tokens = 640 * 3;
  const OperatingPoint point = resolve(fake, q);
  EXPECT_DOUBLE_EQ(point.config.load.batch, 3);
  EXPECT_EQ(point.prediction.kv_capacity_source, predictor::CapacitySource::flag);
}

TEST(OperatingPoint, CapacityComesFromTheFactsWhereThePredictorKnowsNone) {
  predictor::Facts facts = roomy_facts();
  facts.kv_bytes_per_token = 1e6;
  const OperatingPoint point =
      operating_point(FakePredictor{}, facts, question(Arrival::concurrency, 1e6), table::Layout{});
  EXPECT_EQ(point.prediction.kv_capacity_source, predictor::CapacitySource::catalogue);
  EXPECT_DOUBLE_EQ(point.config.load.batch,
                   predictor::requests_at_once(point.prediction.kv_capacity_tokens, 500, 100));
}

TEST(OperatingPoint, NotOneRequestFits) {
  FakePredictor fake;
  fake.capacity_tokens = 300;
  for (const Arrival arrival : {Arrival::batch, Arrival::concurrency, Arrival::rate}) {
    EXPECT_EQ(resolve(fake, question(arrival, 2)).rejected,
              "no request fits: 600 tokens in a KV cache of 300 tokens");
  }
}

TEST(OperatingPoint, MoreReplicasThanRequestsAreRefused) {
  EXPECT_EQ(resolve({}, question(Arrival::batch, 2), {.tp = 1, .dp = 4}).rejected,
            "4 replicas, but only 2 requests");
  EXPECT_EQ(resolve({}, question(Arrival::concurrency, 1), {.tp = 1, .dp = 2}).rejected,
            "2 replicas, but only 1 request");
}

TEST(OperatingPoint, OpenLoopSolvesLittlesLaw) {
  // B = rate/dp (1 + 0.1 B): B = r / (1 - 0.1 r).
  for (const double rate : {1.5, 4.0, 8.0, 9.9}) {
    const OperatingPoint one = resolve({}, question(Arrival::rate, rate));
    EXPECT_NEAR(one.config.load.batch, rate / (1 - 0.1 * rate), 1e-6 * one.config.load.batch) << rate;
    EXPECT_DOUBLE_EQ(one.throughput_rps, rate);
    EXPECT_DOUBLE_EQ(one.busy, 1);
    const OperatingPoint two = resolve({}, question(Arrival::rate, 2 * rate), {.tp = 1, .dp = 2});
    EXPECT_NEAR(two.config.load.batch, 2 * one.config.load.batch, 1e-6 * two.config.load.batch);
  }
}

TEST(OperatingPoint, OpenLoopTakesTheSmallestSolution) {
  struct Stairs final : FakePredictor {  // S jumps at 4 and at 16 in flight: several B solve B = r S(B)
    predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override {
      predictor::Prediction p = FakePredictor::predict(group, config);
      const double batch = config.load.batch;
      p.total_time_s.value = batch < 4 ? 1 : batch < 16 ? 4 : 12;
      return p;
    }
  };
  EXPECT_NEAR(resolve(Stairs{}, question(Arrival::rate, 2)).config.load.batch, 2, 1e-6);
  EXPECT_NEAR(resolve(Stairs{}, question(Arrival::rate, 3.5)).config.load.batch, 3.5, 1e-6);
}

TEST(OperatingPoint, LightLoadIsBusyForAPartOfTheTime) {
  const OperatingPoint point = resolve({}, question(Arrival::rate, 0.5));
  EXPECT_DOUBLE_EQ(point.config.load.batch, 1);
  EXPECT_DOUBLE_EQ(point.busy, 0.5 * 1.1);
  EXPECT_DOUBLE_EQ(point.throughput_rps, 0.5);
}

TEST(OperatingPoint, WhatSaturatesSaysHowMuchIsPossible) {
  // dp B / S(B) tends to 10 dp requests/s, and is 5 dp at B = 10.
  EXPECT_EQ(resolve({}, question(Arrival::rate, 12)).rejected, "serves at most 10 of 12 requests/s");
  Question q = question(Arrival::rate, 12);
  q.max_per_replica = 10;
  EXPECT_EQ(resolve({}, q, {.tp = 1, .dp = 2}).rejected, "serves at most 10 of 12 requests/s");
  q.amount = 9;
  EXPECT_EQ(resolve({}, q, {.tp = 1, .dp = 2}).rejected, "");
}

TEST(OperatingPoint, ARateNeedsATime) {
  FakePredictor fake;
  fake.knows_time = false;
  EXPECT_EQ(resolve(fake, question(Arrival::rate, 1)).rejected,
            "a rate requires times, and the model predicts none");
}

TEST(OperatingPoint, ServiceTimeIsAddedUpWhereOnlyLatenciesArePredicted) {
  struct LatenciesOnly final : FakePredictor {
    predictor::Prediction predict(std::size_t group, const table::Configuration& config) const override {
      predictor::Prediction p = FakePredictor::predict(group, config);
      p.total_time_s = {};
      return p;
    }
  };
  EXPECT_NEAR(resolve(LatenciesOnly{}, question(Arrival::concurrency, 5)).service_s, 1.5, 1e-12);
}

}  // namespace
}  // namespace energylens::choose
