// SPDX-License-Identifier: Apache-2.0
#include "energylens/choose/choose.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "choose/fake_predictor.hpp"
#include "choose/layouts.hpp"
#include "energylens/core/error.hpp"
#include "energylens/powercap/curve.hpp"

namespace energylens::choose {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Question question(Arrival arrival, double amount, int total_gpus = 4) {
  Question q;
  q.arrival = arrival;
  q.amount = amount;
  q.request.isl = 500;
  q.request.osl = 100;
  q.total_gpus = total_gpus;
  return q;
}

const Configuration& of(const Choice& choice, std::string_view layout) {
  const auto found =
      std::ranges::find(choice.configurations, table::parse_layout(layout), &Configuration::layout);
  if (found == choice.configurations.end()) throw std::out_of_range(std::string(layout));
  return *found;
}

TEST(Rank, JobsAreRankedByTheEnergyOfTheJob) {
  const Choice choice = rank(FakePredictor{}, roomy_facts(), question(Arrival::batch, 16));
  ASSERT_EQ(choice.accepted, choice.configurations.size());
  EXPECT_EQ(choice.energy_optimal, 0u);
  // n GPUs of one replica need sqrt(n) times the energy of one; replicas save nothing but share the batch.
  EXPECT_EQ(choice.configurations[0].layout, table::Layout{});
  EXPECT_DOUBLE_EQ(of(choice, "tp1").energy_j, 100 * 2.6);
  EXPECT_DOUBLE_EQ(of(choice, "tp4").energy_j, 400 * 1.3);
  // Two replicas of two GPUs: 8 requests each in 1.8 s / sqrt(2), the least of all.
  const Configuration& fastest = choice.configurations[*choice.latency_optimal];
  EXPECT_EQ(fastest.layout, (table::Layout{.tp = 1, .pp = 2, .dp = 2}));
  EXPECT_DOUBLE_EQ(fastest.request_time_s, 1.8 / std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(choice.latency_optimal_extra_energy_j, 400 * 1.8 / std::sqrt(2.0) - 260);
  EXPECT_DOUBLE_EQ(choice.latency_optimal_extra_energy, choice.latency_optimal_extra_energy_j / 260);
}

TEST(Rank, SteadyLoadsAreRankedByTheEnergyOfARequest) {
  const Choice choice = rank(FakePredictor{}, roomy_facts(), question(Arrival::concurrency, 10));
  const Configuration& one = of(choice, "tp1");
  EXPECT_DOUBLE_EQ(one.energy_j, 100 * 2.0 / 10);
  EXPECT_DOUBLE_EQ(one.energy_per_request_j, one.energy_j);
  EXPECT_NEAR(one.prediction.energy_per_out_token_j.value, one.energy_j / 100, 1e-12);
  EXPECT_DOUBLE_EQ(one.throughput_rps, 5);
}

TEST(Rank, PowerIsAveragedOverBusyAndIdleTime) {
  Question q = question(Arrival::rate, 0.5);
  Choice choice = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_DOUBLE_EQ(of(choice, "tp1").prediction.avg_power_w.value, 0.55 * 100 + 0.45 * 20);
  EXPECT_NEAR(of(choice, "tp1").energy_j, (0.55 * 100 + 0.45 * 20) / 0.5, 1e-9);
  q.idle_gpus_count = true;
  choice = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_DOUBLE_EQ(of(choice, "tp1").prediction.avg_power_w.value, 0.55 * 100 + 0.45 * 20 + 3 * 20);
  EXPECT_NEAR(of(choice, "tp1").idle_energy_j, (0.45 + 3) * 20 / 0.5, 1e-9);
}

TEST(Rank, GpusLeftOverCostOnlyIfTheyCount) {
  Question q = question(Arrival::batch, 16);
  const double free = of(rank(FakePredictor{}, roomy_facts(), q), "tp2").energy_j;
  q.idle_gpus_count = true;
  const Choice counted = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_DOUBLE_EQ(of(counted, "tp2").energy_j, free + 2 * 20 * of(counted, "tp2").request_time_s);
  EXPECT_DOUBLE_EQ(of(counted, "tp4").idle_energy_j, 0);
  EXPECT_DOUBLE_EQ(of(counted, "tp2").prediction.total_energy_j.value, of(counted, "tp2").energy_j);
}

TEST(Rank, AnIdlePowerThatIsNeededAndUnknownIsAskedFor) {
  predictor::Facts facts = roomy_facts();
  facts.gpu_idle_w = kUnknown;
  EXPECT_NO_THROW(rank(FakePredictor{}, facts, question(Arrival::batch, 16)));
  Question q = question(Arrival::batch, 16);
  q.idle_gpus_count = true;
  try {
    rank(FakePredictor{}, facts, q);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("idle power"));
  }
}

TEST(Rank, EachLimitGivesItsReason) {
  Question q = question(Arrival::concurrency, 10);
  q.limits = {.ttft_s = 0.15, .tpot_s = kUnknown, .power_w = kUnknown};
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp1").rejected, "TTFT 200 ms > 150 ms");
  q.limits = {.ttft_s = kUnknown, .tpot_s = 0.010, .power_w = kUnknown};
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp1").rejected, "TPOT 18.2 ms > 10 ms");
  q.limits = {.ttft_s = kUnknown, .tpot_s = kUnknown, .power_w = 250};
  const Choice choice = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_EQ(of(choice, "tp4").rejected, "power 400 W > 250 W");
  EXPECT_EQ(of(choice, "tp4").rank, std::nullopt);
  EXPECT_EQ(of(choice, "tp2").rejected, "");
  q.limits = {.ttft_s = 0.05, .tpot_s = kUnknown, .power_w = 250};
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").rejected,
            "TTFT 100 ms > 50 ms; power 400 W > 250 W");
}

TEST(Rank, ALimitMissedByLittleIsShownWithEnoughDigits) {
  Question q = question(Arrival::concurrency, 10);
  q.limits.power_w = 399.99;
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").rejected, "power 400 W > 399.99 W");
}

TEST(Rank, ARiskDecidesAboutLimits) {
  // tp4 draws 400 W with a 90 % interval of 360 to 440 W.
  Question q = question(Arrival::concurrency, 10);
  q.limits.power_w = 440;
  EXPECT_NEAR(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").chance_within_limits, 0.94, 0.02);
  q.risk = 0.01;
  EXPECT_THAT(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").rejected,
              HasSubstr("power 400 W exceeds 440 W with a probability of "));
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp2").rejected, "") << "200 W";
  q.limits.power_w = 390;
  q.risk = 0.5;
  EXPECT_EQ(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").rejected, "power 400 W > 390 W");
  q.risk = 0.9;
  const Choice daring = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_EQ(of(daring, "tp4").rejected, "");
  EXPECT_LT(of(daring, "tp4").chance_within_limits, 0.5);
}

TEST(Rank, TheLimitLeastSureToBeKeptCounts) {
  Question q = question(Arrival::concurrency, 10);
  EXPECT_FALSE(known(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").chance_within_limits)) << "no limits";
  q.limits = {.ttft_s = 100, .tpot_s = kUnknown, .power_w = 400};
  EXPECT_NEAR(of(rank(FakePredictor{}, roomy_facts(), q), "tp4").chance_within_limits, 0.5, 1e-12);
  EXPECT_NEAR(of(rank(FakePredictor{}, roomy_facts(), q), "tp1").chance_within_limits, 1, 1e-6);
}

TEST(Rank, TheWaitOfClosedLoopClientsCountsAsTimeToFirstToken) {
  Question q = question(Arrival::concurrency, 20);
  q.max_per_replica = 10;
  const Configuration one = of(rank(FakePredictor{}, roomy_facts(), q), "tp1");
  EXPECT_DOUBLE_EQ(one.prediction.ttft_s.value, 0.2 + 2.0);
  EXPECT_DOUBLE_EQ(one.request_time_s, 4.0);
}

TEST(Rank, ALimitOnWhatIsNotPredictedRejects) {
  FakePredictor fake;
  fake.knows_time = false;
  Question q = question(Arrival::batch, 4);
  q.limits.ttft_s = 1;
  const Choice choice = rank(fake, roomy_facts(), q);
  EXPECT_EQ(choice.accepted, 0u);
  EXPECT_EQ(choice.energy_optimal, std::nullopt);
  EXPECT_EQ(of(choice, "tp1").rejected, "TTFT is limited, but the model does not predict it");
}

TEST(Rank, IdleGpusNeedATime) {
  FakePredictor fake;
  fake.knows_time = false;
  Question q = question(Arrival::batch, 16);
  q.idle_gpus_count = true;
  const Choice choice = rank(fake, roomy_facts(), q);
  EXPECT_EQ(of(choice, "tp2").rejected, "some GPUs are idle, and the model predicts no time for them");
  EXPECT_EQ(of(choice, "tp4").rejected, "");
}

TEST(Rank, ReasonsOfMemoryAndSaturationAreKept) {
  predictor::Facts facts = roomy_facts();
  facts.weight_bytes = 40e9;
  const Choice choice = rank(FakePredictor{}, facts, question(Arrival::rate, 30));
  EXPECT_EQ(of(choice, "tp1").rejected, "weights need 40 GB; 1 x 24 GB available");
  EXPECT_THAT(of(choice, "tp2").rejected, HasSubstr("serves at most 14"));
}

TEST(Rank, WithoutUncertaintyChancesAreUnknown) {
  const Choice choice = rank(FakePredictor{}, roomy_facts(), question(Arrival::batch, 16));
  EXPECT_FALSE(known(choice.configurations[0].chance_best));
  EXPECT_EQ(choice.configurations[1].tied_with_best, std::nullopt);
}

TEST(Rank, ChancesComeFromJointDraws) {
  FakePredictor fake;
  fake.noise = 0.02;
  fake.speedup = 0.99;  // tp2 needs 0.7 % more than tp1, tp4 1.4 %: inside the noise
  const Choice choice = rank(fake, roomy_facts(), question(Arrival::batch, 16));
  double sum = 0;
  for (const Configuration& one : choice.configurations) sum += one.chance_best;
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_EQ(choice.configurations[0].tied_with_best, false);
  EXPECT_EQ(of(choice, "tp2").tied_with_best, true);
  EXPECT_EQ(of(choice, "tp1dp4").tied_with_best, false);  // 2.2 times the energy
  EXPECT_DOUBLE_EQ(of(choice, "tp1dp4").chance_best, 0);
  EXPECT_GT(of(choice, "tp1").chance_best, of(choice, "tp4").chance_best);
}

TEST(Rank, AQuestionThatMakesNoSenseIsRefused) {
  const auto refused = [](auto change) {
    Question q = question(Arrival::concurrency, 16);
    change(q);
    EXPECT_THROW(rank(FakePredictor{}, roomy_facts(), q), Error);
  };
  refused([](Question& q) { q.total_gpus = 0; });
  refused([](Question& q) { q.total_gpus = 20000; });
  refused([](Question& q) { q.amount = 0; });
  refused([](Question& q) { q.amount = 0.5; });
  refused([](Question& q) { q.amount = kUnknown; });
  refused([](Question& q) { q.request.osl = kUnknown; });
  refused([](Question& q) { q.max_per_replica = 0; });
  refused([](Question& q) {
    q.arrival = Arrival::batch;
    q.max_per_replica = 4;
  });
}

/// The closed-loop answer by definition: for every layout its energy per request, infinite where a limit
/// breaks.
double brute_force_energy(const FakePredictor& fake, const Question& q, const table::Layout& layout) {
  const double clients = q.amount / layout.dp;
  const double batch =
      std::min({clients, q.max_per_replica, predictor::requests_at_once(fake.capacity_tokens, 500, 100)});
  const double infinite = std::numeric_limits<double>::infinity();
  if (clients < 1 || batch < 1) return infinite;
  // Nodes of eight GPUs, the last one with the rest.
  const int places = q.total_gpus / 8 * (8 / layout.tp) + q.total_gpus % 8 / layout.tp;
  if (layout.tp > 8 || layout.pp * layout.dp > places) return infinite;
  const double time = fake.service_s(layout, batch);
  const double power = layout.gpus() * fake.watts_per_gpu;
  if (0.1 * time + time * (clients - batch) / batch > q.limits.ttft_s || power > q.limits.power_w)
    return infinite;
  return power * time / (batch * layout.dp);
}

RC_GTEST_PROP(Rank, AgreesWithBruteForceOnSmallGrids, ()) {
  FakePredictor fake;
  fake.fixed_s = *rc::gen::inRange(1, 50) * 0.1;
  fake.each_s = *rc::gen::inRange(0, 20) * 0.01;
  fake.speedup = *rc::gen::inRange(0, 12) * 0.1;
  fake.capacity_tokens = 640.0 * *rc::gen::inRange(1, 40);
  Question q = question(Arrival::concurrency, *rc::gen::inRange(1, 64), *rc::gen::inRange(1, 13));
  q.max_per_replica = *rc::gen::inRange(1, 32);
  q.limits.ttft_s = *rc::gen::inRange(1, 40) * 0.1;
  q.limits.power_w = *rc::gen::inRange(1, 13) * 100;

  const Choice choice = rank(fake, roomy_facts(), q);
  double least = std::numeric_limits<double>::infinity();
  std::size_t feasible = 0;
  for (const CandidateLayout& one : candidate_layouts(q.total_gpus, roomy_facts(), {})) {
    const double energy = brute_force_energy(fake, q, one.layout);
    least = std::min(least, energy);
    feasible += std::isfinite(energy);
    const Configuration& found = of(choice, table::layout_text(one.layout));
    RC_ASSERT(found.rejected.empty() == std::isfinite(energy));
    if (std::isfinite(energy)) RC_ASSERT(std::abs(found.energy_j / energy - 1) < 1e-12);
  }
  RC_ASSERT(choice.accepted == feasible);
  if (feasible > 0) RC_ASSERT(std::abs(choice.configurations[0].energy_j / least - 1) < 1e-12);
  for (std::size_t i = 0; i < feasible; ++i) {
    RC_ASSERT(choice.configurations[i].rank == static_cast<int>(i) + 1);
    if (i > 0) RC_ASSERT(choice.configurations[i - 1].energy_j <= choice.configurations[i].energy_j);
  }
}

// The prior alone says that fewer GPUs need less energy: a direction that no row varies is not certain.
TEST(Rank, ADirectionThatWasNeverVariedIsNotCertainToBeTheBest) {
  FakePredictor predictor;
  predictor.noise = 0.01;
  predictor.seen = {{.tp = 4}};
  const Choice choice = rank(predictor, roomy_facts(), question(Arrival::batch, 16));
  EXPECT_EQ(choice.configurations[0].layout, table::Layout{});
  EXPECT_FALSE(choice.configurations[0].measured);
  EXPECT_THAT(choice.configurations[0].unmeasured_directions, ::testing::ElementsAre("tp"));
  EXPECT_NEAR(choice.configurations[0].chance_best, 0.9, 0.03);
  EXPECT_NEAR(of(choice, "tp4").chance_best, 0.1, 0.03);
  EXPECT_TRUE(of(choice, "tp4").measured);
  ASSERT_TRUE(choice.best_measured && choice.best_unmeasured);
  EXPECT_EQ(choice.configurations[*choice.best_measured].layout, table::Layout{.tp = 4});
  EXPECT_EQ(choice.configurations[*choice.best_unmeasured].layout, table::Layout{});
}

TEST(Rank, WhereRowsVaryTheDirectionTheDrawsDecideAlone) {
  FakePredictor predictor;
  predictor.noise = 0.01;
  predictor.seen = {{.tp = 1}, {.tp = 4}, {.tp = 1, .pp = 2}};
  const Choice choice = rank(predictor, roomy_facts(), question(Arrival::batch, 16));
  EXPECT_GT(choice.configurations[0].chance_best, 0.999);
  EXPECT_TRUE(choice.configurations[0].measured);
}

TEST(Rank, MeasuredOnlyLeavesNoUnmeasuredConfiguration) {
  FakePredictor predictor;
  predictor.seen = {{.tp = 4}, {.tp = 2}};
  Question q = question(Arrival::batch, 16);
  q.layouts.measured_only = true;
  const Choice choice = rank(predictor, roomy_facts(), q);
  EXPECT_EQ(choice.configurations.size(), 3u);  // tp2, tp2dp2, tp4
  EXPECT_FALSE(choice.best_measured || choice.best_unmeasured);
}

powercap::Curve curve_of_a_gpu() {
  powercap::Curve curve = powercap::prior_curve(100);
  curve.static_w = 10;
  curve.knee = 0.6;
  curve.exponent = 1;
  return curve;
}

TEST(PowerLimits, EveryLayoutIsRankedAtEveryLimit) {
  Question q = question(Arrival::batch, 16);
  const Choice before = rank(FakePredictor{}, roomy_facts(), q);
  q.power_limits_w = {30, 60, 500};
  q.power_curve = curve_of_a_gpu();
  const Choice choice = rank(FakePredictor{}, roomy_facts(), q);
  EXPECT_EQ(choice.accepted, 3 * before.accepted);
  for (const Configuration& one : choice.configurations) {
    const double energy = of(before, table::layout_text(one.layout)).energy_j;
    const double time = of(before, table::layout_text(one.layout)).request_time_s;
    const powercap::Factors factors = powercap::at_cap(q.power_curve, 100, one.power_limit_w);  // 100 W each
    EXPECT_NEAR(one.energy_j, energy * factors.energy, 1e-9 * energy);
    EXPECT_NEAR(one.request_time_s, time * factors.time, 1e-9 * time);
    EXPECT_NEAR(one.prediction.avg_power_w.value, one.layout.gpus() * 100 * factors.power, 1e-6);
  }
  EXPECT_EQ(choice.configurations[0].layout, table::Layout{});
  EXPECT_EQ(choice.configurations[0].power_limit_w, 60);  // near the knee; 30 W is too slow
  EXPECT_LT(choice.configurations[0].power_factors.energy, 1);
  EXPECT_GT(choice.configurations[0].power_factors.time, 1);
}

TEST(PowerLimits, SlowerServiceNeedsMoreRequestsInFlight) {
  Question q = question(Arrival::rate, 2, 1);
  const double before = of(rank(FakePredictor{}, roomy_facts(), q), "tp1").in_flight;
  q.power_limits_w = {50};
  q.power_curve = curve_of_a_gpu();
  const Configuration one = of(rank(FakePredictor{}, roomy_facts(), q), "tp1");
  EXPECT_GT(one.in_flight, before);
  EXPECT_NEAR(one.in_flight, 2 * one.request_time_s, 1e-6);
}

TEST(PowerLimits, NeedAPredictedPower) {
  FakePredictor silent;
  silent.knows_time = false;
  Question q = question(Arrival::batch, 16);
  q.power_limits_w = {50};
  q.power_curve = curve_of_a_gpu();
  const Choice choice = rank(silent, roomy_facts(), q);
  EXPECT_EQ(choice.accepted, 0u);
  EXPECT_THAT(choice.configurations[0].rejected, HasSubstr("predicts no power"));
}

TEST(PowerLimits, TheCurveIsUncertainInTheChances) {
  FakePredictor predictor;
  predictor.noise = 1e-6;
  Question q = question(Arrival::batch, 16, 1);
  q.power_limits_w = {55, 65};
  q.power_curve = curve_of_a_gpu();
  const Choice choice = rank(predictor, roomy_facts(), q);
  ASSERT_EQ(choice.accepted, 2u);
  EXPECT_LT(choice.configurations[0].chance_best, 0.999);
  q.power_curve.covariance = {};
  EXPECT_GT(rank(predictor, roomy_facts(), q).configurations[0].chance_best, 0.999);
}

}  // namespace
}  // namespace energylens::choose
