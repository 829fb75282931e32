// SPDX-License-Identifier: Apache-2.0
#include "energylens/serving/simulate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <deque>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "serving/affine_costs.hpp"
#include "serving/step_by_step.hpp"

namespace energylens::serving {
namespace {

class GivenTraffic : public Traffic {
 public:
  explicit GivenTraffic(std::vector<Request> requests) : requests_(requests.begin(), requests.end()) {}
  bool next(Request& request) override {
    if (requests_.empty()) return false;
    request = requests_.front();
    requests_.pop_front();
    return true;
  }

 private:
  std::deque<Request> requests_;
};

/// Requests with exponential gaps and geometric or constant numbers of output tokens.
std::vector<Request> queue_requests(double rate, double mean_tokens, bool random, std::size_t n,
                                    std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Request> out;
  double now = 0;
  for (std::size_t i = 0; i < n; ++i) {
    now += -std::log1p(-rng.uniform()) / rate;
    const double tokens =
        random ? 1 + std::floor(std::log1p(-rng.uniform()) / std::log1p(-1 / mean_tokens)) : mean_tokens;
    out.push_back({now, 1, static_cast<std::int32_t>(tokens), 0});
  }
  return out;
}

/// A server of `places` requests, each of which takes 1 ms per token whatever the others do.
Deployment queue_server(int places) {
  Deployment out;
  out.costs = StepCosts({{{0.001, 1}, {}}}, {{0, {}}, {1, {}}}, {0.001, 1}, 100);
  out.engine.max_requests = places;
  return out;
}

double mean_wait(const Report& report, double mean_tokens) {
  return report.e2e_s.mean() - 0.001 * mean_tokens;
}

TEST(Simulate, MeetsTheQueueWithOneServerAndRandomService) {
  GivenTraffic traffic(queue_requests(0.8, 1000, true, 400000, 1));
  const Report report = simulate(queue_server(1), traffic);
  EXPECT_NEAR(report.e2e_s.mean(), 1 / (1 - 0.8), 0.15);  // M/M/1: 1 / (mu - lambda)
  EXPECT_NEAR(report.e2e_s.quantile(0.99), std::log(100.0) / 0.2, 1.2);
  EXPECT_NEAR(report.share_busy(), 0.8, 0.01);
}

TEST(Simulate, MeetsTheQueueWithOneServerAndConstantService) {
  GivenTraffic traffic(queue_requests(0.8, 1000, false, 400000, 2));
  const Report report = simulate(queue_server(1), traffic);
  EXPECT_NEAR(mean_wait(report, 1000), 0.8 / (2 * (1 - 0.8)), 0.06);  // M/D/1: rho / (2 mu (1 - rho))
}

/// Share of arrivals that wait, and with it the mean wait, in M/M/c.
double erlang_wait(int places, double load, double service_s) {
  double term = 1, sum = 1;
  for (int i = 1; i < places; ++i) sum += term *= load / i;
  const double all = term * load / places * places / (places - load);
  const double waits = all / (sum + all);
  return waits * service_s / (places - load);
}

TEST(Simulate, MeetsTheQueueWithSeveralServers) {
  for (const double share : {0.7, 0.9}) {
    GivenTraffic traffic(queue_requests(8 * share, 1000, true, 400000, 3));
    const Report report = simulate(queue_server(8), traffic);
    const double expected = erlang_wait(8, 8 * share, 1);
    EXPECT_NEAR(mean_wait(report, 1000), expected, 0.07 * expected + 0.001) << share;
  }
}

TEST(Simulate, ObeysLittlesLaw) {
  TrafficPlan plan;
  plan.arrivals.rate_rps = 20;
  plan.lengths.prompt = {500, 1};
  plan.lengths.output = {100, 1};
  plan.requests = 20000;
  Deployment deployment{AffineCosts{}.costs()};
  for (const int replicas : {1, 3}) {
    deployment.replicas = replicas;
    const auto traffic = synthetic_traffic(plan);
    const Report report = simulate(deployment, *traffic);
    const double sojourns = report.e2e_s.mean() * static_cast<double>(report.requests);
    EXPECT_NEAR(report.requests_s, sojourns, 1e-9 * sojourns);
    EXPECT_EQ(report.requests, 20000U);
  }
}

TEST(Simulate, ConservesTokensEnergyAndTime) {
  TrafficPlan plan;
  plan.arrivals.rate_rps = 30;
  plan.lengths.prompt = {800, 0.7};
  plan.lengths.output = {150, 0.7};
  plan.lengths.cached_share = 0.25;
  plan.requests = 5000;
  double prompts = 0, cached = 0, outputs = 0;
  {
    const auto traffic = synthetic_traffic(plan);
    for (Request one; traffic->next(one);) {
      prompts += one.prompt;
      cached += one.cached;
      outputs += one.output;
    }
  }
  for (const Scheduler scheduler : {Scheduler::vllm, Scheduler::no_evict, Scheduler::static_batch}) {
    Deployment deployment{AffineCosts{}.costs()};
    deployment.replicas = 2;
    deployment.routing = Routing::least_requests;
    deployment.engine.scheduler = scheduler;
    deployment.engine.kv_tokens = 16000;
    const auto traffic = synthetic_traffic(plan);
    const Report report = simulate(deployment, *traffic);
    ASSERT_EQ(report.requests, 5000U);
    EXPECT_EQ(report.prompt_tokens, prompts);
    EXPECT_EQ(report.output_tokens, outputs);
    EXPECT_EQ(report.computed_tokens, prompts - cached + report.recomputed_tokens);
    EXPECT_EQ(report.decoded_tokens, outputs - 5000);
    EXPECT_EQ(report.preemptions > 0, scheduler == Scheduler::vllm);
    EXPECT_NEAR(report.busy_s + report.idle_s, 2 * report.duration_s, 1e-7 * report.duration_s);
    EXPECT_NEAR(report.busy_j, AffineCosts::kWatts * report.busy_s, 1e-7 * report.busy_j);
    EXPECT_NEAR(report.idle_j, 50 * report.idle_s, 1e-7 * report.idle_j + 1e-9);
    // Windows of one second; the last is shorter.
    EXPECT_NEAR(report.power_w.mean(), report.mean_power_w(), 0.01 * report.mean_power_w());
    EXPECT_LE(report.power_w.largest(), 2 * AffineCosts::kWatts * 1.0001);
  }
}

struct Compared {
  Report fast;
  step_by_step::Result slow;
};

Compared both(const TrafficPlan& plan, const Engine& engine, const AffineCosts& costs) {
  Deployment deployment{costs.costs(), engine};
  std::vector<step_by_step::Job> jobs;
  const auto copy = synthetic_traffic(plan);
  for (Request one; copy->next(one);) jobs.push_back({one.arrival_s, one.prompt, one.output});
  step_by_step::Settings settings{engine.max_requests, engine.max_step_tokens, engine.block_tokens};
  if (known(engine.kv_tokens)) settings.blocks = static_cast<long>(engine.kv_tokens / engine.block_tokens);
  settings.seconds = [&](int n, double context, int prefill) { return costs.seconds(n, context, prefill); };
  const auto traffic = synthetic_traffic(plan);
  return {simulate(deployment, *traffic), step_by_step::Server(settings).serve(jobs)};
}

RC_GTEST_PROP(Simulate, AgreesWithASimulatorThatTakesEveryStepByItself, ()) {
  TrafficPlan plan;
  plan.seed = *rc::gen::inRange<std::uint64_t>(0, 1000000);
  plan.requests = *rc::gen::inRange<std::size_t>(1, 300);
  plan.arrivals.rate_rps = *rc::gen::element(1.0, 10.0, 40.0, 400.0);
  plan.lengths.prompt = {*rc::gen::element(1.0, 40.0, 700.0), *rc::gen::element(0.0, 1.0)};
  plan.lengths.output = {*rc::gen::element(1.0, 2.0, 90.0), *rc::gen::element(0.0, 1.0)};
  plan.lengths.most_tokens = 2000;
  Engine engine;
  engine.max_requests = *rc::gen::element(1, 3, 64);
  engine.max_step_tokens = *rc::gen::element(64, 500, 8192);
  engine.block_tokens = *rc::gen::element(1, 16, 64);
  engine.kv_tokens = *rc::gen::element(kUnknown, 2048.0, 5000.0);
  const Compared result = both(plan, engine, {});
  RC_ASSERT(result.fast.requests == result.slow.e2e.size());
  RC_ASSERT(result.fast.steps == static_cast<std::uint64_t>(result.slow.steps));
  RC_ASSERT(result.fast.preemptions == static_cast<std::uint64_t>(result.slow.preemptions));
  const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-6 * b + 1e-12; };
  RC_ASSERT(close(result.fast.busy_s, result.slow.busy));
  RC_ASSERT(close(result.fast.duration_s, result.slow.end));
  RC_ASSERT(close(result.fast.e2e_s.mean(), step_by_step::mean(result.slow.e2e)));
  RC_ASSERT(close(result.fast.ttft_s.mean(), step_by_step::mean(result.slow.ttft)));
  if (result.slow.tpot.empty()) return;
  RC_ASSERT(close(result.fast.tpot_s.mean(), step_by_step::mean(result.slow.tpot)));
}

TEST(Simulate, ResultsDependOnTheSeedButNotOnTheThreads) {
  TrafficPlan plan;
  plan.arrivals.rate_rps = 20;
  plan.lengths.prompt = {500, 1};
  plan.lengths.output = {100, 1};
  plan.requests = 500;
  Deployment deployment{AffineCosts{}.costs()};
  deployment.replicas = 3;
  deployment.routing = Routing::two_choices;
  const auto mean_of = [&](int threads, std::uint64_t seed) {
    TrafficPlan one = plan;
    one.seed = seed;
    RunOptions run;
    run.threads = threads;
    return simulate_runs(deployment, one, 7, {}, run).e2e_s.mean();
  };
  EXPECT_EQ(mean_of(1, 5), mean_of(4, 5));
  EXPECT_NE(mean_of(1, 5), mean_of(1, 6));
}

TEST(Simulate, RoundRobinIsAsManySimulationsOfOneReplica) {
  TrafficPlan plan;
  plan.arrivals.rate_rps = 120;
  plan.lengths.prompt = {500, 0.5};
  plan.lengths.output = {100, 0.5};
  plan.requests = 120000;
  Deployment fleet{AffineCosts{}.costs()};
  fleet.replicas = 4;
  const auto traffic = synthetic_traffic(plan);
  const Report all = simulate(fleet, *traffic);
  TrafficPlan share = plan;
  share.arrivals = every_nth(plan.arrivals, 4);
  share.requests /= 4;
  const auto part = synthetic_traffic(share);
  const Report one = simulate({AffineCosts{}.costs()}, *part);
  EXPECT_NEAR(one.ttft_s.quantile(0.99), all.ttft_s.quantile(0.99), 0.06 * all.ttft_s.quantile(0.99));
  EXPECT_NEAR(one.energy_per_request_j(), all.energy_per_request_j(), 0.01 * all.energy_per_request_j());
}

TEST(Simulate, BetterRoutingShortensTheTail) {
  TrafficPlan plan;
  plan.arrivals = {ArrivalKind::gamma, 30, 2};
  plan.lengths.prompt = {500, 1};
  plan.lengths.output = {100, 1.5};
  plan.requests = 40000;
  const auto tail = [&](Routing routing) {
    Deployment fleet{AffineCosts{}.costs()};
    fleet.replicas = 4;
    fleet.engine.max_requests = 16;
    fleet.routing = routing;
    const auto traffic = synthetic_traffic(plan);
    return simulate(fleet, *traffic).ttft_s.quantile(0.99);
  };
  const double turns = tail(Routing::round_robin), two = tail(Routing::two_choices),
               least = tail(Routing::least_requests);
  EXPECT_LT(two, turns);
  EXPECT_LE(least, 1.02 * two);
}

TEST(Simulate, ClosedLoopKeepsItsClientsInFlight) {
  TrafficPlan plan;
  plan.arrivals.kind = ArrivalKind::closed;
  plan.arrivals.clients = 32;
  plan.lengths.prompt = {100, 0};
  plan.lengths.output = {100, 0.5};
  plan.requests = 20000;
  SimulationOptions options;
  options.clients = 32;
  Deployment deployment{AffineCosts{}.costs()};
  deployment.replicas = 2;
  const auto traffic = synthetic_traffic(plan);
  const Report report = simulate(deployment, *traffic, options);
  EXPECT_EQ(report.requests, 20000U);
  EXPECT_NEAR(report.requests_s / report.duration_s, 32, 0.5);
}

TEST(Simulate, SaturationIsWhatTheStepsAllow) {
  Deployment deployment{AffineCosts{.cached = 0, .token = 0}.costs()};
  deployment.engine.max_requests = 40;
  Lengths lengths;
  lengths.prompt = {1, 0};
  lengths.output = {51, 0};
  // 40 requests per step, 51 tokens each; the first token comes from a step that the prompt shares.
  const double step = 0.01 + 0.0005 * std::pow(40, 0.8);
  const double expected = 40 / (51 * step);
  EXPECT_NEAR(saturation_rps(deployment, lengths), expected, 0.03 * expected);
  deployment.replicas = 3;
  EXPECT_NEAR(saturation_rps(deployment, lengths), 3 * expected, 0.09 * expected);
}

TEST(Simulate, StopsWhenCancelled) {
  CancelToken cancel;
  cancel.cancel();
  SimulationOptions options;
  options.cancel = &cancel;
  GivenTraffic traffic(queue_requests(1, 10, true, 10, 1));
  EXPECT_THROW(simulate(queue_server(1), traffic, options), Error);
}

}  // namespace
}  // namespace energylens::serving
