// SPDX-License-Identifier: Apache-2.0
// served_traffic.cpp: simulates one replica of a layout, the longer the nearer it is to saturation. Held by traffic_test.cpp
// against a simulator that takes every step by itself, up to 0.999 of saturation.
#include "choose/served_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "choose/digits_apart.hpp"
#include "core/rounded_text.hpp"
#include "energylens/core/error.hpp"
#include "energylens/serving/step_costs.hpp"
#include "energylens/serving/trace.hpp"
#include "powercap/apply.hpp"
#include "predictor/waves.hpp"

namespace energylens::choose {
namespace {

constexpr int kUsualMaxRequests = 1024;  // vLLM on GPUs of 80 GB, where nothing is stated
/// Shares of saturation, and the requests and periods that are simulated below and above them.
constexpr double kFarFromSaturation = 0.75, kNearSaturation = 0.95;
constexpr double kLeastRequests = 4000, kEnoughRequests = 3'000'000;
constexpr std::size_t kFarPerPeriod = 10'000, kBetweenPerPeriod = 15'000, kSearchPerPeriod = 10'000;
constexpr std::size_t kFewPeriods = 4, kAllRequests = static_cast<std::size_t>(-1);
constexpr double kNearPeriods = 256;
constexpr std::size_t kPerIntervalEnd = 4;  // the ends of an interval take this share of the periods
constexpr int kBisections = 6;
constexpr std::array<std::string_view, kLatencyNames.size()> kLatencyTexts = {"TTFT", "TPOT",
                                                                              "end-to-end time"};

/// Every n-th request of a stream.
class EveryNth : public serving::Traffic {
 public:
  EveryNth(std::unique_ptr<serving::Traffic> traffic, std::size_t n) : traffic_(std::move(traffic)), n_(n) {}
  bool next(serving::Request& request) override {
    while (traffic_->next(request)) {
      if (read_++ % n_ == 0) return true;
    }
    return false;
  }

 private:
  std::unique_ptr<serving::Traffic> traffic_;
  std::size_t n_, read_ = 0;
};

const serving::Histogram& histogram_of(const serving::Report& report, LatencyKind kind) {
  if (kind == LatencyKind::ttft) return report.ttft_s;
  return kind == LatencyKind::tpot ? report.tpot_s : report.e2e_s;
}

/// The value of a percentile in a report.
double percentile_of(const serving::Report& report, LatencyKind kind, int percentile) {
  return histogram_of(report, kind).quantile(percentile / 100.0);
}

serving::RequestLimits limits_of_requests(const TrafficQuestion& traffic) {
  serving::RequestLimits out;
  const auto tighten = [](double& limit, double to) { limit = known(limit) ? std::min(limit, to) : to; };
  for (const PercentileLimit& one : traffic.limits) {
    if (one.kind == LatencyKind::ttft) tighten(out.ttft_s, one.limit_s);
    if (one.kind == LatencyKind::tpot) tighten(out.tpot_s, one.limit_s);
    if (one.kind == LatencyKind::e2e) tighten(out.e2e_s, one.limit_s);
  }
  return out;
}

/// What a power limit makes of one step of a replica.
serving::Cost limited_cost(const powercap::Curve& curve, int gpus, double limit_w,
                           const serving::Cost& cost) {
  predictor::Prediction p;
  p.total_energy_j.value = cost.j;
  p.total_time_s.value = cost.s;
  p.avg_power_w.value = cost.j / cost.s;
  powercap::apply_cap(curve, gpus, limit_w, p);
  return {p.total_time_s.value, p.total_energy_j.value};
}

}  // namespace

ServedTraffic::ServedTraffic(const predictor::Predictor& predictor, const predictor::Facts& facts,
                             const Question& question, const OperatingPoint& point, double power_limit_w)
    : question_(question), traffic_(*question.traffic), replicas_(predictor::replicas(point.config.layout)) {
  serving::Engine& engine = one_.engine;
  engine.scheduler = traffic_.scheduler;
  engine.max_requests =
      static_cast<int>(known(question.max_per_replica) ? question.max_per_replica : kUsualMaxRequests);
  engine.max_step_tokens = std::max(traffic_.max_step_tokens, engine.max_requests);
  engine.kv_tokens = point.prediction.kv_capacity_tokens;
  engine.block_tokens = std::max(1, static_cast<int>(point.prediction.kv_block_tokens));

  const int gpus = serving::one_replica_of(point.config.layout).gpus();
  serving::StepQuestion steps;
  steps.group = question.group;
  steps.layout = point.config.layout;
  steps.request = question.request;
  steps.max_requests = engine.max_requests;
  steps.idle_w = known(facts.gpu_idle_w) ? gpus * facts.gpu_idle_w : 0;
  if (known(power_limit_w)) {
    steps.limited = [&question, gpus, power_limit_w](const serving::Cost& cost) {
      return limited_cost(question.power_curve, gpus, power_limit_w, cost);
    };
  }
  one_.costs = serving::step_costs(predictor, steps);
  saturation_rps_ = replicas_ * serving::saturation_rps(one_, traffic_.lengths, question.seed);
}

serving::Deployment ServedTraffic::deployment(double time_factor) const {
  serving::Deployment out = one_;
  if (time_factor != 1) out.costs = out.costs.slower(time_factor);
  return out;
}

serving::SimulationOptions ServedTraffic::options() const {
  serving::SimulationOptions out;
  out.limits = limits_of_requests(traffic_);
  return out;
}

serving::TrafficPlan ServedTraffic::plan(double rate_factor) const {
  serving::TrafficPlan out;
  out.arrivals = traffic_.arrivals;
  out.arrivals.rate_rps = question_.amount * rate_factor;
  out.arrivals = serving::every_nth(out.arrivals, static_cast<int>(replicas_));
  out.lengths = traffic_.lengths;
  out.requests =
      static_cast<std::size_t>(std::max(std::round(out.arrivals.rate_rps * traffic_.period_s), 1.0));
  out.seed = question_.seed;
  return out;
}

serving::Report ServedTraffic::follow_trace(double rate_factor, double time_factor) const {
  serving::TraceOptions trace;
  trace.speed = question_.amount * rate_factor / traffic_.trace_rate_rps;
  EveryNth traffic(serving::open_trace(traffic_.trace, trace), static_cast<std::size_t>(replicas_));
  return serving::simulate(deployment(time_factor), traffic, options());
}

serving::Report ServedTraffic::simulate(const Effort& effort, double rate_factor, double time_factor) const {
  if (!traffic_.trace.empty()) return follow_trace(rate_factor, time_factor);
  serving::TrafficPlan one = plan(rate_factor);
  one.requests = std::min(one.requests, effort.most_requests);
  RunOptions alone;
  alone.threads = 1;
  return serving::simulate_runs(deployment(time_factor), one, effort.periods, options(), alone);
}

/// What it takes: queues far from saturation settle at once, so that some thousand requests represent any period.
ServedTraffic::Effort ServedTraffic::effort(bool exactly) const {
  const auto per_period = static_cast<double>(plan(1).requests);
  const auto least = static_cast<std::size_t>(std::ceil(kLeastRequests / per_period));
  if (utilisation() < kFarFromSaturation) return {least, kFarPerPeriod};
  if (!near_saturation()) return {std::max(least, kFewPeriods), kBetweenPerPeriod};
  const double affordable = std::max(std::floor(kEnoughRequests / per_period), 4.0);
  const double wanted = exactly ? kNearPeriods : static_cast<double>(kFewPeriods);
  return {std::max(least, static_cast<std::size_t>(std::min(wanted, affordable))), kAllRequests};
}

bool ServedTraffic::near_saturation() const {
  return utilisation() >= kNearSaturation;
}

SimulatedTraffic ServedTraffic::serve(const predictor::Estimate& time, bool exactly) const {
  const Effort whole = effort(exactly);
  const auto at_time = [&](double seconds) {
    if (!known(seconds)) return std::optional<serving::Report>();
    Effort less = whole;
    less.periods = std::max<std::size_t>(less.periods / kPerIntervalEnd, 1);
    return std::optional(simulate(less, 1, seconds / time.value));
  };
  return {simulate(whole, 1, 1), at_time(time.lo), at_time(time.hi)};
}

bool ServedTraffic::keeps_limits(const serving::Report& report) const {
  if (report.refused > 0) return false;
  if (known(traffic_.goodput) && report.goodput() < traffic_.goodput) return false;
  const Limits& means = question_.limits;
  if (report.ttft_s.mean() > means.ttft_s || report.tpot_s.mean() > means.tpot_s) return false;
  return std::ranges::all_of(traffic_.limits, [&](const PercentileLimit& one) {
    return !(percentile_of(report, one.kind, one.percentile) > one.limit_s);
  });
}

double ServedTraffic::max_rate_rps() const {
  const bool limited = !traffic_.limits.empty() || known(traffic_.goodput) ||
                       known(question_.limits.ttft_s) || known(question_.limits.tpot_s);
  if (!limited) return saturation_rps_;
  double kept = 1, broken = std::max(saturation_rps_ / question_.amount, 1.0);
  const auto keeps = [&](double factor) { return keeps_limits(simulate({1, kSearchPerPeriod}, factor, 1)); };
  if (keeps(broken)) return saturation_rps_;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (kept + broken);
    (keeps(middle) ? kept : broken) = middle;
  }
  return kept * question_.amount;
}

TrafficFigures ServedTraffic::figures(const serving::Report& report) const {
  TrafficFigures out;
  out.saturation_rps = saturation_rps_;
  out.utilisation = utilisation();
  for (std::size_t kind = 0; kind < out.latency.size(); ++kind) {
    for (std::size_t i = 0; i < kPercentiles.size(); ++i)
      out.latency[kind].s[i] = percentile_of(report, static_cast<LatencyKind>(kind), kPercentiles[i]);
  }
  const bool limited = !traffic_.limits.empty();
  out.goodput = limited ? report.goodput() : kUnknown;
  out.power_p99_w = report.power_w.quantile(0.99);
  out.power_peak_w = report.power_w.largest();
  out.preemptions_per_request =
      static_cast<double>(report.preemptions) / static_cast<double>(report.requests);
  out.simulated_requests = report.requests;
  out.refused = report.refused > 0;
  return out;
}

predictor::Estimate SimulatedTraffic::mean(serving::Histogram serving::Report::*latency) const {
  const auto of = [latency](const std::optional<serving::Report>& report) {
    return report ? ((*report).*latency).mean() : kUnknown;
  };
  return {(middle.*latency).mean(), of(lo), of(hi)};
}

predictor::Estimate SimulatedTraffic::percentile(LatencyKind kind, int percentile) const {
  const auto of = [&](const std::optional<serving::Report>& report) {
    return report ? percentile_of(*report, kind, percentile) : kUnknown;
  };
  return {percentile_of(middle, kind, percentile), of(lo), of(hi)};
}

std::vector<Limited> limited_percentiles(const TrafficQuestion& traffic, const SimulatedTraffic& seen) {
  std::vector<Limited> out;
  for (const PercentileLimit& one : traffic.limits) {
    std::string name(kLatencyTexts[static_cast<std::size_t>(one.kind)]);
    name += " p" + std::to_string(one.percentile);
    out.push_back({std::move(name), seen.percentile(one.kind, one.percentile), one.limit_s, 1e3, "ms"});
  }
  return out;
}

std::string refusals(const TrafficQuestion& traffic, const serving::Report& report) {
  if (report.refused > 0) {
    return percent_text(static_cast<double>(report.refused) /
                        static_cast<double>(report.refused + report.requests)) +
           " of the requests need more KV cache than a replica has";
  }
  if (!known(traffic.goodput) || report.goodput() >= traffic.goodput) return {};
  const int digits = digits_apart(report.goodput(), traffic.goodput, 3);
  return "goodput " + percent_text(report.goodput(), digits) + " < " + percent_text(traffic.goodput, digits);
}

double TrafficFigures::at(LatencyKind kind, int percentile) const {
  const auto found = std::ranges::find(kPercentiles, percentile);
  return found == kPercentiles.end() ? kUnknown
                                     : latency[static_cast<std::size_t>(kind)]
                                           .s[static_cast<std::size_t>(found - kPercentiles.begin())];
}

void TrafficQuestion::validate() const {
  lengths.validate();
  if (!(period_s > 0)) throw Error::usage("the period of traffic must be above 0 s");
  if (known(goodput) && (limits.empty() || goodput <= 0 || goodput > 1))
    throw Error::usage(
        "a goodput is a share from 0 to 1 of the requests that keep limits such as --ttft-p99");
  if (max_step_tokens < 1) throw Error::usage("a step must have room for a token");
}

}  // namespace energylens::choose
