// SPDX-License-Identifier: Apache-2.0
// Plans of pools whose replicas can be worked out by hand: S(B) = 1 + 0.1 B on one GPU, so that a rate r needs
// S = 1 / (1 - 0.1 r), and a limit of 2 s is reached at 5 requests/s, of which a replica is given at most 80 %.
#include <gmock/gmock.h>

#include <cmath>

#include "choose/fake_predictor.hpp"
#include "energylens/core/error.hpp"
#include "fleet/fleet.hpp"

namespace energylens::fleet {
namespace {

constexpr double kMost = 4;          // requests/s of one replica
constexpr double kOsl = 11;          // so that TPOT is 0.09 S
constexpr double kPrecision = 0.02;  // of the largest rate

Pool pool(const std::string& name, int gpus, double watts) {
  auto fake = std::make_shared<choose::FakePredictor>();
  fake->watts_per_gpu = watts;
  Pool out;
  out.name = name;
  out.predictor = fake;
  out.facts = choose::roomy_facts();
  out.gpus = gpus;
  out.layouts = {{1, 1, 1, 1}};
  return out;
}

RequestClass requests(const std::string& name, std::vector<double> rate_rps) {
  RequestClass out;
  out.name = name;
  out.request.isl = 10;
  out.request.osl = kOsl;
  out.rate_rps = std::move(rate_rps);
  out.limits.tpot_s = 0.18;  // S = 2 s
  return out;
}

Fleet fleet_of(std::vector<Pool> pools, std::vector<RequestClass> classes) {
  Fleet fleet;
  fleet.pools = std::move(pools);
  fleet.classes = std::move(classes);
  fleet.price_per_kwh.assign(fleet.classes.front().rate_rps.size(), kUnknown);
  fleet.carbon_g_per_kwh = fleet.price_per_kwh;
  return fleet;
}

Plan planned(const Fleet& fleet, Objective objective = Objective::energy) {
  return best_plan(fleet, offers(fleet, {}), objective, {});
}

int replicas_of(const Fleet& fleet, const Plan& plan, std::size_t hour, const std::string& name) {
  const std::vector<Offer> all = offers(fleet, {});
  int sum = 0;
  for (const Assignment& one : plan.hours[hour].assignments) {
    if (fleet.pools[all[one.offer].pool].name == name) sum += one.replicas;
  }
  return sum;
}

TEST(Offers, AReplicaIsGivenItsShareOfTheRateThatBreaksALimit) {
  const std::vector<Offer> all = offers(fleet_of({pool("a", 8, 100)}, {requests("chat", {1})}), {});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_NEAR(all[0].most_rps(), kMost, kPrecision * kMost);
  EXPECT_EQ(all[0].points.front().rate_rps, 0);
  EXPECT_EQ(all[0].points.front().power_w, 20) << "idle";
  EXPECT_NEAR(all[0].points.back().power_w, 100, 1e-6) << "busy all the time";
}

TEST(Offers, AClassThatNoLayoutServesInTimeHasNone) {
  RequestClass fast = requests("fast", {1});
  fast.limits.tpot_s = 0.09;  // S = 1 s, which one request alone exceeds
  EXPECT_TRUE(offers(fleet_of({pool("a", 8, 100)}, {fast}), {}).empty());
}

TEST(Plan, TheLeanPoolIsFilledFirst) {
  const Fleet fleet =
      fleet_of({pool("lean", 2, 100), pool("thirsty", 10, 300)}, {requests("chat", {3, 7, 15})});
  const Plan plan = planned(fleet);
  EXPECT_EQ(replicas_of(fleet, plan, 0, "lean"), 1);
  EXPECT_EQ(replicas_of(fleet, plan, 0, "thirsty"), 0);
  EXPECT_EQ(replicas_of(fleet, plan, 1, "lean"), 2);
  EXPECT_EQ(replicas_of(fleet, plan, 1, "thirsty"), 0);
  EXPECT_EQ(replicas_of(fleet, plan, 2, "lean"), 2);
  EXPECT_EQ(replicas_of(fleet, plan, 2, "thirsty"), 2) << "15 - 8 = 7 requests/s";
  EXPECT_TRUE(plan.complete());
  EXPECT_NEAR(plan.bills[1].energy_kwh, 0.2, 0.01);
}

TEST(Plan, AllOfEachRateIsServedWithinTheGpus) {
  const Fleet fleet = fleet_of({pool("a", 5, 100), pool("b", 4, 150)},
                               {requests("chat", {6, 11, 2}), requests("code", {9, 12, 0})});
  const std::vector<Offer> all = offers(fleet, {});
  const Plan plan = best_plan(fleet, all, Objective::energy, {});
  ASSERT_TRUE(plan.complete());
  for (std::size_t hour = 0; hour < fleet.hours(); ++hour) {
    std::vector<double> served(2), gpus(2);
    for (const Assignment& one : plan.hours[hour].assignments) {
      served[all[one.offer].request_class] += one.rate_rps;
      gpus[all[one.offer].pool] += one.replicas;
      EXPECT_LE(one.rate_rps / one.replicas, all[one.offer].most_rps() * (1 + 1e-9));
    }
    for (std::size_t c = 0; c < 2; ++c) EXPECT_NEAR(served[c], fleet.classes[c].rate_rps[hour], 1e-6);
    for (std::size_t p = 0; p < 2; ++p) EXPECT_LE(gpus[p], fleet.pools[p].gpus);
  }
}

TEST(Plan, WhatTheGpusCannotServeIsLeftAndCounted) {
  const Fleet fleet = fleet_of({pool("a", 2, 100)}, {requests("chat", {20})});
  const Plan plan = planned(fleet);
  EXPECT_FALSE(plan.complete());
  EXPECT_NEAR(plan.hours[0].unmet_rps[0], 20 - 2 * kMost, 2 * kPrecision * kMost);
  EXPECT_NEAR(plan.unmet_requests, 3600 * (20 - 2 * kMost), 3600 * 2 * kPrecision * kMost);
}

TEST(Plan, AClassKeepsToItsPools) {
  Fleet fleet = fleet_of({pool("lean", 4, 100), pool("thirsty", 4, 300)}, {requests("chat", {3})});
  fleet.classes[0].pools = {"thirsty"};
  const Plan plan = planned(fleet);
  EXPECT_EQ(replicas_of(fleet, plan, 0, "lean"), 0);
  EXPECT_EQ(replicas_of(fleet, plan, 0, "thirsty"), 1);
}

TEST(Plan, TheObjectiveDecides) {
  // Two replicas of two slow GPUs against one of a fast GPU: fewer GPU-hours, more energy.
  Pool fast = pool("fast", 4, 500);
  auto quick = std::make_shared<choose::FakePredictor>();
  quick->watts_per_gpu = 500;
  quick->fixed_s = 0.2;
  quick->each_s = 0.02;
  fast.predictor = quick;
  Fleet fleet = fleet_of({pool("slow", 8, 100), fast}, {requests("chat", {7.5})});
  EXPECT_EQ(replicas_of(fleet, planned(fleet), 0, "slow"), 2);
  fleet.prices.per_gpu_hour = 2;
  EXPECT_EQ(replicas_of(fleet, planned(fleet, Objective::cost), 0, "fast"), 1);
  EXPECT_THROW(planned(fleet, Objective::carbon), Error) << "no carbon intensity";
}

TEST(Rules, NeedAtLeastWhatThePlanNeeds) {
  Fleet fleet = fleet_of({pool("lean", 6, 100), pool("thirsty", 8, 140)},
                         {requests("chat", {3, 9, 15, 6}), requests("code", {1, 4, 8, 2})});
  fleet.classes[1].request.osl = 21;
  const std::vector<Offer> all = offers(fleet, {});
  const Plan plan = best_plan(fleet, all, Objective::energy, {});
  const std::vector<Rule> simpler = rules(fleet, all, Objective::energy, {});
  ASSERT_EQ(simpler.size(), 4u);
  for (const Rule& rule : simpler) {
    if (!rule.plan.complete()) continue;
    EXPECT_GE(rule.plan.bill.energy_kwh, plan.bill.energy_kwh * (1 - 2e-3)) << rule.name;
  }
  const Rule& peak = simpler[2];
  EXPECT_EQ(peak.name, "static peak");
  EXPECT_TRUE(peak.plan.complete());
  EXPECT_EQ(peak.plan.gpus.front(), peak.plan.gpus.back()) << "the same all day";
  EXPECT_GT(peak.plan.bill.energy_kwh, plan.bill.energy_kwh);
}

}  // namespace
}  // namespace energylens::fleet
