// SPDX-License-Identifier: Apache-2.0
// What `choose` promises of percentiles, against a long simulation that takes every step by itself (tests/serving).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "choose/fake_predictor.hpp"
#include "choose/law_of_steps.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/core/error.hpp"
#include "serving/step_by_step.hpp"

namespace energylens::choose {
namespace {

using ::testing::HasSubstr;
namespace step_by_step = serving::step_by_step;

constexpr double kIsl = 256, kPeriod = 600;

/// Tokens of an answer, and requests at once.
struct Size {
  double osl = 64, at_once = 16;
};

Question traffic_question(double rate, const char* layout, const Size& size = {}) {
  Question q;
  q.arrival = Arrival::rate;
  q.amount = rate;
  q.request.isl = kIsl;
  q.request.osl = size.osl;
  q.total_gpus = 4;
  q.max_per_replica = size.at_once;
  if (layout) q.layouts.only = {table::parse_layout(layout)};
  TrafficQuestion traffic;
  traffic.lengths.prompt = {kIsl, 0};
  traffic.lengths.output = {size.osl, 0};
  traffic.period_s = kPeriod;
  q.traffic = traffic;
  return q;
}

const Configuration& only_one(const Choice& choice) {
  return choice.configurations.front();
}

/// Many periods of Poisson arrivals at one replica of one GPU, each beginning empty, with standard random numbers.
step_by_step::Result long_simulation(double rate, int periods, const Size& size) {
  const LawOfSteps law;
  step_by_step::Settings settings;
  settings.max_requests = static_cast<int>(size.at_once);
  settings.seconds = [&](int n, double, int prefill) {
    return (n > 0 ? law.decode_step(1, n) : law.start) + law.token * prefill;
  };
  step_by_step::Result all;
  std::mt19937_64 random(7);
  std::exponential_distribution<double> gap(rate);
  for (int i = 0; i < periods; ++i) {
    std::vector<step_by_step::Job> jobs;
    for (double now = gap(random); now < kPeriod; now += gap(random))
      jobs.push_back({now, static_cast<int>(kIsl), static_cast<int>(size.osl)});
    const step_by_step::Result one = step_by_step::Server(settings).serve(jobs);
    all.ttft.insert(all.ttft.end(), one.ttft.begin(), one.ttft.end());
    all.tpot.insert(all.tpot.end(), one.tpot.begin(), one.tpot.end());
    all.busy += one.busy;
  }
  return all;
}

double saturation_of_one(const Size& size = {}) {
  return only_one(rank(LawOfSteps{}, roomy_facts(), traffic_question(1, "tp1", size)))
      .traffic->saturation_rps;
}

class Promise : public ::testing::TestWithParam<double> {};

TEST_P(Promise, IsWithinAFifthOfALongSimulation) {
  const Size small{8, 4};  // short answers make a long simulation cheap
  const double rate = GetParam() * saturation_of_one(small);
  const Choice choice = rank(LawOfSteps{}, roomy_facts(), traffic_question(rate, "tp1", small));
  ASSERT_EQ(choice.accepted, 1U) << choice.configurations.front().rejected;
  const Configuration& promised = only_one(choice);
  EXPECT_NEAR(promised.traffic->utilisation, GetParam(), 1e-9);
  const step_by_step::Result seen = long_simulation(rate, 200, small);
  const double p99 = step_by_step::quantile(seen.ttft, 0.99), mean = step_by_step::mean(seen.ttft);
  EXPECT_NEAR(promised.traffic->at(LatencyKind::ttft, 99), p99, 0.2 * p99);
  EXPECT_NEAR(promised.traffic->at(LatencyKind::ttft, 50), step_by_step::quantile(seen.ttft, 0.5),
              0.2 * step_by_step::quantile(seen.ttft, 0.5));
  EXPECT_NEAR(promised.prediction.ttft_s.value, mean, 0.2 * mean);
  const double tpot = step_by_step::quantile(seen.tpot, 0.95);
  EXPECT_NEAR(promised.traffic->at(LatencyKind::tpot, 95), tpot, 0.05 * tpot);
  // At even arrivals, a request waits for hardly more than its own prefill.
  Question even = traffic_question(rate, "tp1", small);
  even.traffic.reset();
  EXPECT_LT(only_one(rank(LawOfSteps{}, roomy_facts(), even)).prediction.ttft_s.value, 0.3 * mean);
}

INSTANTIATE_TEST_SUITE_P(NearSaturation, Promise, ::testing::Values(0.9, 0.97, 0.999));

TEST(Traffic, LimitsOfPercentilesRejectWhatMeansAccept) {
  const double rate = 0.9 * saturation_of_one();
  Question q = traffic_question(rate, "tp1");
  const double mean = only_one(rank(LawOfSteps{}, roomy_facts(), q)).prediction.ttft_s.value;
  q.limits.ttft_s = 1.5 * mean;
  EXPECT_EQ(rank(LawOfSteps{}, roomy_facts(), q).accepted, 1U);
  q.traffic->limits = {{LatencyKind::ttft, 99, 1.5 * mean}};
  const Choice choice = rank(LawOfSteps{}, roomy_facts(), q);
  EXPECT_EQ(choice.accepted, 0U);
  EXPECT_THAT(only_one(choice).rejected, HasSubstr("TTFT p99 "));
  EXPECT_LT(only_one(choice).chance_within_limits, 0.5);
}

TEST(Traffic, GoodputIsTheShareThatKeepsAllLimits) {
  const double rate = 0.9 * saturation_of_one();
  Question q = traffic_question(rate, "tp1");
  const double p90 = only_one(rank(LawOfSteps{}, roomy_facts(), q)).traffic->at(LatencyKind::ttft, 90);
  q.traffic->limits = {{LatencyKind::ttft, 50, p90}};
  EXPECT_NEAR(only_one(rank(LawOfSteps{}, roomy_facts(), q)).traffic->goodput, 0.9, 0.01);
  q.traffic->goodput = 0.95;
  EXPECT_THAT(only_one(rank(LawOfSteps{}, roomy_facts(), q)).rejected, HasSubstr("goodput"));
  q.traffic->limits.clear();
  EXPECT_THROW(rank(LawOfSteps{}, roomy_facts(), q), Error);
}

TEST(Traffic, TheLargestRateIsWhereTheLimitBreaks) {
  const double saturation = saturation_of_one();
  Question q = traffic_question(0.3 * saturation, "tp1");
  q.traffic->limits = {{LatencyKind::ttft, 99, 1}};
  const double most = only_one(rank(LawOfSteps{}, roomy_facts(), q)).traffic->max_rate_rps;
  EXPECT_GT(most, 0.5 * saturation);
  EXPECT_LT(most, saturation);
  q.amount = 0.95 * most;
  EXPECT_EQ(rank(LawOfSteps{}, roomy_facts(), q).accepted, 1U);
  q.amount = std::min(1.05 * most, 0.999 * saturation);
  EXPECT_EQ(rank(LawOfSteps{}, roomy_facts(), q).accepted, 0U);
}

TEST(Traffic, RandomArrivalsAtLowLoadNeedLessEnergyThanEvenOnes) {
  // At a mean of 0.8 requests in flight: bursts share steps.
  Question q = traffic_question(0.5, "tp1");
  const Configuration random = only_one(rank(LawOfSteps{}, roomy_facts(), q));
  q.traffic.reset();
  const Configuration even = only_one(rank(LawOfSteps{}, roomy_facts(), q));
  EXPECT_LT(random.energy_j, even.energy_j);
  EXPECT_LT(random.busy, even.busy);
  EXPECT_GT(random.idle_energy_j, even.idle_energy_j);
}

TEST(Traffic, EvenArrivalsAgreeWithTheOperatingPoint) {
  Question q = traffic_question(4, "tp1");
  q.traffic->arrivals.kind = serving::ArrivalKind::even;
  const Configuration simulated = only_one(rank(LawOfSteps{}, roomy_facts(), q));
  q.traffic.reset();
  const Configuration solved = only_one(rank(LawOfSteps{}, roomy_facts(), q));
  EXPECT_NEAR(simulated.energy_j, solved.energy_j, 0.05 * solved.energy_j);
  EXPECT_NEAR(simulated.in_flight, solved.in_flight, 0.05 * solved.in_flight);
}

TEST(Traffic, RanksByTheEnergyThatTrafficNeeds) {
  Question q = traffic_question(8, nullptr);
  q.traffic->limits = {{LatencyKind::tpot, 95, 0.03}, {LatencyKind::e2e, 99, 3}};
  const Choice choice = rank(LawOfSteps{}, roomy_facts(), q);
  ASSERT_GT(choice.accepted, 1U);
  for (std::size_t i = 0; i < choice.accepted; ++i) {
    const Configuration& one = choice.configurations[i];
    ASSERT_TRUE(one.traffic.has_value());
    EXPECT_LE(one.traffic->at(LatencyKind::tpot, 95), 0.03);
    EXPECT_LE(one.traffic->at(LatencyKind::e2e, 99), 3);
    EXPECT_GE(one.energy_j, choice.configurations.front().energy_j);
  }
  EXPECT_TRUE(known(choice.configurations.front().traffic->max_rate_rps));
}

TEST(Traffic, RequiresARate) {
  Question q = traffic_question(8, "tp1");
  q.arrival = Arrival::concurrency;
  EXPECT_THROW(rank(LawOfSteps{}, roomy_facts(), q), Error);
}

}  // namespace
}  // namespace energylens::choose
