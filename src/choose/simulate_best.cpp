// SPDX-License-Identifier: Apache-2.0
// simulate_best.cpp: even arrivals are the screen, which leaves out layouts that saturate or break a limit of a mean without any
// queue; simulation decides about the others, from the least energy up. Held by traffic_test.cpp.
#include "choose/simulate_best.hpp"

#include <algorithm>
#include <string>

#include "choose/operating_point.hpp"
#include "choose/served_traffic.hpp"
#include "energylens/core/parallel.hpp"

namespace energylens::choose {
namespace {

/// Configurations that are simulated together, and at most; how many must keep the limits; of how many the largest rate is
/// sought.
constexpr std::size_t kSimulatedTogether = 32, kMostSimulated = 256, kEnoughKept = 8, kWithMaxRate = 3,
                      kMostExact = 4;
/// Above this share of the time with a step, the power of pauses is not needed.
constexpr double kAlwaysBusy = 0.99;

class Simulator {
 public:
  Simulator(const predictor::Predictor& predictor, const predictor::Facts& facts, const Question& question)
      : predictor_(predictor), facts_(facts), question_(question) {}

  /// Replaces what even arrivals give by what a simulation of the traffic does, and tests the limits again.
  void simulate(Resolved& resolved, bool exactly) const {
    const ServedTraffic served = served_by(resolved);
    Configuration& result = resolved.result;
    if (served.utilisation() >= 1) {
      result.rejected = saturation_text(question_.amount, served.saturation_rps());
      return;
    }
    const SimulatedTraffic seen = served.serve(resolved.alone.total_time_s, exactly);
    resolved.exact = exactly || !served.near_saturation();
    result.rejected = refusals(*question_.traffic, seen.middle);
    if (seen.middle.requests == 0) return;
    require(seen.middle.share_busy() > kAlwaysBusy || known(facts_.gpu_idle_w),
            "some GPUs are idle, and the idle power of this GPU is unknown; set it with --gpu-idle-w");
    result.traffic = served.figures(seen.middle);
    set_energy(seen.middle, resolved);
    set_means(seen, served.replicas(), result);
    std::vector<Limited> all = limits_of_means(question_, result.prediction);
    for (Limited& one : limited_percentiles(*question_.traffic, seen)) all.push_back(std::move(one));
    result.chance_within_limits = test_limits(all, question_.risk, result.rejected);
  }

  /// The rate at which the limits of an accepted configuration break.
  void find_max_rate(Resolved& resolved) const {
    TrafficFigures& figures = *resolved.result.traffic;
    figures.max_rate_rps = served_by(resolved).max_rate_rps();
  }

 private:
  ServedTraffic served_by(const Resolved& resolved) const {
    OperatingPoint point;
    point.config = resolved.config;
    point.prediction = resolved.alone;
    return {predictor_, facts_, question_, point, resolved.result.power_limit_w};
  }

  /// Energies of the simulation. Their intervals are those of the prediction, relative to its value.
  void set_energy(const serving::Report& report, Resolved& resolved) const {
    Configuration& result = resolved.result;
    const auto requests = static_cast<double>(report.requests);
    const double osl = question_.request.osl, busy_j = report.busy_j / requests;
    const double unused = question_.idle_gpus_count ? question_.total_gpus - result.layout.gpus() : 0;
    const double factor = busy_j / (resolved.alone.energy_per_out_token_j.value * osl);
    result.idle_energy_j =
        report.idle_j / requests + (unused > 0 ? unused * facts_.gpu_idle_w / question_.amount : 0);
    resolved.joules_per_draw = osl * factor;
    predictor::Prediction& p = result.prediction;
    p.energy_per_out_token_j = resolved.alone.energy_per_out_token_j;
    shift(p.energy_per_out_token_j, factor, result.idle_energy_j / osl);
    result.energy_j = result.energy_per_request_j = busy_j + result.idle_energy_j;
    result.energy_j_lo = p.energy_per_out_token_j.lo * osl;
    result.energy_j_hi = p.energy_per_out_token_j.hi * osl;
    p.avg_power_w = {result.energy_j * question_.amount, result.energy_j_lo * question_.amount,
                     result.energy_j_hi * question_.amount};
  }

  static void set_means(const SimulatedTraffic& seen, double replicas, Configuration& result) {
    predictor::Prediction& p = result.prediction;
    p.ttft_s = seen.mean(&serving::Report::ttft_s);
    p.tpot_s = seen.mean(&serving::Report::tpot_s);
    p.total_time_s = seen.mean(&serving::Report::e2e_s);
    result.request_time_s = p.total_time_s.value;
    result.busy = seen.middle.share_busy();
    result.in_flight = seen.middle.requests_s / seen.middle.duration_s * replicas;
    result.wait_s = 0;
  }

  const predictor::Predictor& predictor_;
  const predictor::Facts& facts_;
  const Question& question_;
};

/// Simulates the first ones exactly, until they are those whose limits are kept. Returns how many are accepted.
std::size_t simulate_first_exactly(const Simulator& simulator, std::vector<Resolved>& all, std::size_t kept) {
  for (std::size_t rounds = 0; rounds < kMostExact; ++rounds) {
    std::vector<Resolved*> rough;
    for (std::size_t i = 0; i < std::min(kept, kWithMaxRate); ++i) {
      if (!all[i].exact) rough.push_back(&all[i]);
    }
    if (rough.empty()) break;
    parallel_for(rough.size(), {}, [&](std::size_t i) { simulator.simulate(*rough[i], true); });
    for (const Resolved* const one : rough) kept -= one->result.rejected.empty() ? 0 : 1;
    sort_by_energy(all);
  }
  return kept;
}

}  // namespace

void simulate_best(const predictor::Predictor& predictor, const predictor::Facts& facts,
                   const Question& question, std::vector<Resolved>& all) {
  const Simulator simulator(predictor, facts, question);
  const auto contenders = static_cast<std::size_t>(
      std::ranges::count_if(all, [](const Resolved& one) { return one.result.rejected.empty(); }));
  std::size_t kept = 0, done = 0;
  while (done < std::min(contenders, kMostSimulated) && kept < kEnoughKept) {
    const std::size_t end = std::min(contenders, done + kSimulatedTogether);
    parallel_for(end - done, {}, [&](std::size_t i) { simulator.simulate(all[done + i], false); });
    for (; done < end; ++done) kept += all[done].result.rejected.empty() ? 1 : 0;
  }
  for (std::size_t i = done; i < contenders; ++i) {
    all[i].result.rejected =
        "not simulated: " + std::to_string(done) + " configurations need less energy at even arrivals";
  }
  sort_by_energy(all);
  kept = simulate_first_exactly(simulator, all, kept);
  parallel_for(std::min(kept, kWithMaxRate), {}, [&](std::size_t i) { simulator.find_max_rate(all[i]); });
}

}  // namespace energylens::choose
