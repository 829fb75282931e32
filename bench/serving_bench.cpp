// SPDX-License-Identifier: Apache-2.0
// Engine steps and requests per second of the simulator of traffic. `steps`: one replica under Poisson arrivals, by the tokens
// of a request: long answers are many steps between two arrivals. `day`: a day of ten requests per second.
#include <benchmark/benchmark.h>

#include "energylens/serving/simulate.hpp"
#include "serving/affine_costs.hpp"

namespace energylens::serving {
namespace {

TrafficPlan plan_of(double rate, double prompt, double output, std::size_t requests) {
  TrafficPlan plan;
  plan.arrivals.rate_rps = rate;
  plan.lengths.prompt = {prompt, 1};
  plan.lengths.output = {output, 1};
  plan.requests = requests;
  return plan;
}

void run(benchmark::State& state, const TrafficPlan& plan) {
  const Deployment deployment{AffineCosts{}.costs(), {}};
  double steps = 0, requests = 0;
  for (auto _ : state) {
    const auto traffic = synthetic_traffic(plan);
    const Report report = simulate(deployment, *traffic);
    steps += static_cast<double>(report.steps);
    requests += static_cast<double>(report.requests);
  }
  state.counters["steps"] = benchmark::Counter(steps, benchmark::Counter::kIsRate);
  state.counters["requests"] = benchmark::Counter(requests, benchmark::Counter::kIsRate);
}

void steps(benchmark::State& state) {
  run(state, plan_of(static_cast<double>(state.range(0)), 512, static_cast<double>(state.range(1)), 20000));
}

void day(benchmark::State& state) {
  run(state, plan_of(10, 1024, 250, 864000));
}

BENCHMARK(steps)->Args({1, 256})->Args({20, 256})->Args({2, 1024})->Args({50, 64})->Unit(
    benchmark::kMillisecond);
BENCHMARK(day)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace energylens::serving

BENCHMARK_MAIN();
