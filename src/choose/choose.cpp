// SPDX-License-Identifier: Apache-2.0
// choose.cpp: list the layouts, find the operating point of each under the load, add the idle GPUs, test the
// limits, sort by energy. The uncertainty of the order comes from joint draws of the predictor, since the
// difference of two layouts is known much better than either energy. Held by choose_test.cpp against brute
// force and by one test per reason.
#include "energylens/choose/choose.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "choose/layouts.hpp"
#include "choose/limits.hpp"
#include "choose/operating_point.hpp"
#include "choose/resolved.hpp"
#include "choose/simulate_best.hpp"
#include "energylens/core/error.hpp"
#include "energylens/core/parallel.hpp"
#include "energylens/core/rng.hpp"
#include "predictor/chances.hpp"
#include "predictor/feasible.hpp"

namespace energylens::choose {
namespace {

constexpr int kMostGpus = 16384;
/// Joint draws cost configurations times draws; beyond these none has a chance that would be shown.
constexpr std::size_t kMostCompared = 256;
constexpr double kNeverBest = std::numeric_limits<double>::infinity();
constexpr double kTail = 0.05;           // of a 90 % interval, on either side
constexpr double kDirectionDoubt = 0.1;  // chance that a direction no row varies does not follow the prior

class Chooser {
 public:
  Chooser(const predictor::Predictor& predictor, const predictor::Facts& facts, const Question& question)
      : predictor_(predictor),
        facts_(facts),
        question_(question),
        measured_(predictor.layouts(question.group)) {}

  std::vector<CandidateLayout> candidates() const {
    return candidate_layouts(question_.total_gpus, facts_, measured_, question_.layouts);
  }

  /// A configuration for each power limit; one if the layout is not feasible.
  void resolve(const CandidateLayout& candidate, std::vector<Resolved>& out) const {
    const std::vector<double>& limits = question_.power_limits_w;
    if (limits.empty() || !candidate.rejected.empty()) return out.push_back(resolve(candidate, kUnknown));
    for (const double limit : limits) out.push_back(resolve(candidate, limit));
  }

  bool job() const { return question_.arrival == Arrival::batch; }

 private:
  Resolved resolve(const CandidateLayout& candidate, double power_limit_w) const {
    Resolved resolved;
    resolved.result.layout = candidate.layout;
    resolved.result.measured = candidate.measured;
    resolved.result.unmeasured_directions = predictor::unmeasured_directions(candidate.layout, measured_);
    resolved.result.rejected = candidate.rejected;
    if (!candidate.rejected.empty()) return resolved;
    resolved.result.power_limit_w = power_limit_w;
    const OperatingPoint point =
        operating_point(predictor_, facts_, question_, candidate.layout, power_limit_w);
    resolved.config = point.config;
    fill(resolved, point);
    return resolved;
  }

  void fill(Resolved& resolved, const OperatingPoint& point) const {
    Configuration& result = resolved.result;
    result.prediction = resolved.alone = point.prediction;
    result.rejected = point.rejected;
    if (!point.rejected.empty()) return;
    result.in_flight = point.config.load.batch;
    result.busy = point.busy;
    result.power_factors = point.power_factors;
    result.wait_s = point.wait_s;
    result.throughput_rps = point.throughput_rps;
    result.request_time_s = point.service_s + point.wait_s;
    if (point.wait_s != 0) shift(result.prediction.ttft_s, 1, point.wait_s);
    add_energy(resolved, idle_power(result));
    result.rejected = unpredicted_energy(result);
    result.chance_within_limits =
        test_limits(limits_of_means(question_, result.prediction), question_.risk, result.rejected);
  }

  /// Mean power of idle GPUs: those in use during their pauses, and unused ones if they count.
  double idle_power(const Configuration& result) const {
    const int used = result.layout.gpus();
    const double unused = question_.idle_gpus_count ? question_.total_gpus - used : 0;
    const double idle = (1 - result.busy) * used + unused;
    if (idle <= 0) return 0;
    require(known(facts_.gpu_idle_w),
            "some GPUs are idle, and the idle power of this GPU is unknown; set it with --gpu-idle-w");
    return idle * facts_.gpu_idle_w;
  }

  void add_energy(Resolved& resolved, double idle_w) const {
    Configuration& result = resolved.result;
    predictor::Prediction& p = result.prediction;
    const double requests = job() ? question_.amount : 1;
    const double tokens = requests * question_.request.osl;
    const double busy_j = job() ? p.total_energy_j.value : p.energy_per_out_token_j.value * tokens;
    resolved.joules_per_draw = job() ? 1 : tokens;
    if (idle_w > 0) result.idle_energy_j = idle_w * requests / result.throughput_rps;
    result.energy_j = busy_j + result.idle_energy_j;
    result.energy_per_request_j = result.energy_j / requests;
    if (job()) shift(p.total_energy_j, 1, result.idle_energy_j);
    shift(p.energy_per_out_token_j, 1, result.idle_energy_j / tokens);
    result.energy_j_lo = job() ? p.total_energy_j.lo : p.energy_per_out_token_j.lo * tokens;
    result.energy_j_hi = job() ? p.total_energy_j.hi : p.energy_per_out_token_j.hi * tokens;
    shift(p.avg_power_w, result.busy, idle_w);
    if (!known(p.avg_power_w.value))
      p.avg_power_w.value = result.energy_per_request_j * result.throughput_rps;
  }

  static std::string unpredicted_energy(const Configuration& result) {
    if (known(result.energy_j)) return {};
    if (known(result.idle_energy_j)) return "the model predicts no energy";
    return "some GPUs are idle, and the model predicts no time for them";
  }

  const predictor::Predictor& predictor_;
  const predictor::Facts& facts_;
  const Question& question_;
  std::vector<table::Layout> measured_;
};

/// In some draws a direction that no row varies does not follow the prior: layouts in it cannot win there.
void doubt_directions(std::span<const Resolved> accepted, std::uint64_t seed, std::span<double> draws) {
  std::vector<std::string_view> directions;
  for (const Resolved& one : accepted) {
    for (const std::string_view direction : one.result.unmeasured_directions) {
      if (std::ranges::find(directions, direction) == directions.end()) directions.push_back(direction);
    }
  }
  Rng rng(seed);
  for (std::size_t begin = 0; !directions.empty() && begin < draws.size(); begin += accepted.size()) {
    for (const std::string_view direction : directions) {
      if (rng.uniform() >= kDirectionDoubt) continue;
      for (std::size_t i = 0; i < accepted.size(); ++i) {
        const auto& all = accepted[i].result.unmeasured_directions;
        if (std::ranges::find(all, direction) != all.end()) draws[begin + i] = kNeverBest;
      }
    }
  }
}

/// Energies of the accepted configurations in each joint draw, row-major; empty without uncertainty.
std::vector<double> joint_energies(const predictor::Predictor& predictor, const Question& question,
                                   std::span<const Resolved> accepted) {
  std::vector<table::Configuration> configs;
  for (const Resolved& one : accepted) configs.push_back(one.config);
  std::vector<double> draws = predictor.draw(question.group, configs, question.draws, question.seed);
  Rng rng(splitmix64(question.seed));
  double deviation = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) {
    const Resolved& one = accepted[i % accepted.size()];
    // One deviation of the curve for all limits of a draw: a GPU whose curve is off is off at every limit.
    if (i % accepted.size() == 0) deviation = rng.normal();
    const powercap::Factors& factors = one.result.power_factors;
    const double limited = factors.energy * std::exp(factors.log_sd_energy * deviation);
    draws[i] = draws[i] * limited * one.joules_per_draw + one.result.idle_energy_j;
  }
  doubt_directions(accepted, question.seed, draws);
  return draws;
}

/// Fills chance_best and tied_with_best. The 90 % interval of a difference contains 0 exactly when neither
/// sign has more than 95 % of the draws.
void compare_by_draws(std::span<Resolved> accepted, std::span<const double> draws) {
  const std::size_t n = accepted.size();
  const std::size_t rows = draws.size() / n;
  if (rows == 0) return;
  const std::vector<double> chances = predictor::chances_best(draws, n);
  std::vector<std::size_t> not_above(n), not_below(n);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::span<const double> row = draws.subspan(r * n, n);
    for (std::size_t i = 0; i < n; ++i) {
      if (row[i] <= row[0]) ++not_above[i];
      if (row[i] >= row[0]) ++not_below[i];
    }
  }
  const double total = static_cast<double>(rows);
  for (std::size_t i = 0; i < n; ++i) {
    accepted[i].result.chance_best = chances[i];
    accepted[i].result.tied_with_best =
        i > 0 && static_cast<double>(std::min(not_above[i], not_below[i])) >= kTail * total;
  }
}

/// Energy per request of the first configuration in each draw. Where a direction that no row varies does not follow the
/// prior, the best of the others stands for it.
std::vector<double> best_draws(std::span<const Resolved> accepted, std::span<const double> draws) {
  const std::size_t n = accepted.size();
  const Configuration& best = accepted.front().result;
  const double requests = best.energy_j / best.energy_per_request_j;
  std::vector<double> out;
  for (std::size_t begin = 0; begin < draws.size(); begin += n) {
    std::size_t i = 0;
    while (i + 1 < n && draws[begin + i] == kNeverBest) ++i;
    out.push_back((draws[begin + i] == kNeverBest ? best.energy_j : draws[begin + i]) / requests);
  }
  return out;
}

/// The first accepted configuration that was, or was not, measured.
std::optional<std::size_t> first(const Choice& choice, bool measured) {
  for (std::size_t i = 0; i < choice.accepted; ++i) {
    if (choice.configurations[i].measured == measured) return i;
  }
  return std::nullopt;
}

void mark_optima(Choice& choice) {
  if (choice.accepted == 0) return;
  choice.best_measured = first(choice, true);
  choice.best_unmeasured = first(choice, false);
  if (!choice.best_measured || !choice.best_unmeasured)
    choice.best_measured = choice.best_unmeasured = std::nullopt;
  choice.energy_optimal = 0;
  for (std::size_t i = 0; i < choice.accepted; ++i) {
    const double time = choice.configurations[i].request_time_s;
    if (!known(time)) continue;
    if (!choice.latency_optimal || time < choice.configurations[*choice.latency_optimal].request_time_s) {
      choice.latency_optimal = i;
    }
  }
  if (!choice.latency_optimal) return;
  const double least = choice.configurations[0].energy_j;
  choice.latency_optimal_extra_energy_j = choice.configurations[*choice.latency_optimal].energy_j - least;
  choice.latency_optimal_extra_energy = choice.latency_optimal_extra_energy_j / least;
}

}  // namespace

void Question::validate() const {
  for (const double limit : power_limits_w) require(limit > 0, "a power limit must be above 0 W");
  require(power_limits_w.empty() || known(power_curve.static_w), "power limits need the curve of the GPU");
  require(total_gpus >= 1 && total_gpus <= kMostGpus, "total_gpus must be between 1 and 16384");
  require(amount > 0, "the load must be a positive number of requests, clients or requests per second");
  require(arrival == Arrival::rate || amount >= 1, "the load must be at least one request");
  require(request.osl >= 1, "osl must be at least 1");
  require(risk >= 0 && risk <= 1, "risk must be from 0 to 1");
  require(!known(max_per_replica) || max_per_replica >= 1, "max_batch must be at least 1");
  require(!known(max_per_replica) || arrival != Arrival::batch,
          "max_batch requires concurrency or rate, because the requests of a job start together");
  require(!traffic || arrival == Arrival::rate, "arrivals and limits of single requests require a rate");
  if (traffic) traffic->validate();
}

Choice rank(const predictor::Predictor& predictor, const predictor::Facts& facts, const Question& question) {
  question.validate();
  const Chooser chooser(predictor, facts, question);
  std::vector<Resolved> all;
  const std::vector<CandidateLayout> candidates = chooser.candidates();
  std::vector<std::vector<Resolved>> of_candidate(candidates.size());
  parallel_for(candidates.size(), {},
               [&](std::size_t i) { chooser.resolve(candidates[i], of_candidate[i]); });
  for (std::vector<Resolved>& some : of_candidate) std::ranges::move(some, std::back_inserter(all));
  sort_by_energy(all);
  if (question.traffic) simulate_best(predictor, facts, question, all);

  Choice choice;
  choice.accepted = static_cast<std::size_t>(
      std::ranges::count_if(all, [](const Resolved& one) { return one.result.rejected.empty(); }));
  const std::span<Resolved> accepted(all.data(), choice.accepted);
  for (std::size_t i = 0; i < accepted.size(); ++i) accepted[i].result.rank = static_cast<int>(i) + 1;
  const std::span<Resolved> compared = accepted.first(std::min(accepted.size(), kMostCompared));
  if (!compared.empty()) {
    const std::vector<double> draws = joint_energies(predictor, question, compared);
    compare_by_draws(compared, draws);
    choice.best_draws_j = best_draws(compared, draws);
  }
  for (Resolved& one : all) choice.configurations.push_back(std::move(one.result));
  mark_optima(choice);
  return choice;
}

}  // namespace energylens::choose
