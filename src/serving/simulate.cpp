// SPDX-License-Identifier: Apache-2.0
// simulate.cpp: sends each request of a stream to a replica, which is brought up to the time of the arrival first. Replicas do
// not act on each other but through routing, so only those that routing looks at are brought up; all of them at the end of a
// window of the power. Held by simulate_test.cpp against queues with known solutions (M/M/1, M/D/1, M/M/c).
#include "energylens/serving/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "serving/replica.hpp"

namespace energylens::serving {
namespace {

constexpr std::size_t kCancelEvery = 1024;  // requests
constexpr double kEndless = std::numeric_limits<double>::infinity();

class Fleet {
 public:
  Fleet(const Deployment& deployment, const SimulationOptions& options, Traffic* next)
      : routing_(deployment.routing),
        record_{{}, PowerWindows(options.power_window_s), options.limits},
        rng_(options.seed) {
    for (int i = 0; i < deployment.replicas; ++i) replicas_.emplace_back(deployment, record_, next);
  }

  void arrive(const Request& request) {
    const double now = request.arrival_s;
    if (now >= record_.windows.next_end()) {
      for (Replica& one : replicas_) one.run_until(now);
      record_.windows.close_until(now, record_.report.power_w);
    }
    Replica& replica = replicas_[route(now)];
    replica.run_until(now);
    replica.arrive(request);
  }

  /// Runs a closed loop until its stream ends: step by step in the order of time, since the replicas share the stream.
  void run_closed_loop() {
    for (double now = 0; replicas_.size() > 1 && now < kEndless;) {
      for (Replica& one : replicas_) one.run_until(std::nextafter(now, kEndless));
      record_.windows.close_until(now, record_.report.power_w);
      now = kEndless;
      for (const Replica& one : replicas_) now = std::min(now, one.step_end());
    }
  }

  Report finish() {
    double end = 0;
    for (Replica& one : replicas_) end = std::max(end, one.finish());
    for (Replica& one : replicas_) one.run_until(end);
    record_.windows.close_all(end, record_.report.power_w);
    record_.report.duration_s = end;
    return std::move(record_.report);
  }

 private:
  std::size_t route(double now) {
    const std::size_t n = replicas_.size();
    if (n == 1) return 0;
    if (routing_ == Routing::round_robin) return turn_++ % n;
    if (routing_ == Routing::two_choices) {
      const std::size_t a = rng_.below(n), b = (a + 1 + rng_.below(n - 1)) % n;
      replicas_[a].run_until(now);
      replicas_[b].run_until(now);
      return replicas_[b].in_system() < replicas_[a].in_system() ? b : a;
    }
    for (Replica& one : replicas_) one.run_until(now);
    const auto fewest = std::ranges::min_element(replicas_, {}, &Replica::in_system);
    return static_cast<std::size_t>(fewest - replicas_.begin());
  }

  Routing routing_;
  Record record_;
  Rng rng_;
  std::vector<Replica> replicas_;
  std::size_t turn_ = 0;
};

void check_cancelled(const SimulationOptions& options) {
  if (options.cancel && options.cancel->cancelled()) throw Error::cancelled();
}

/// Ends a stream when cancelled.
class Cancellable : public Traffic {
 public:
  Cancellable(Traffic& traffic, const SimulationOptions& options) : traffic_(traffic), options_(options) {}
  bool next(Request& request) override {
    if (read_++ % kCancelEvery == 0) check_cancelled(options_);
    return traffic_.next(request);
  }

 private:
  Traffic& traffic_;
  const SimulationOptions& options_;
  std::size_t read_ = 0;
};

constexpr int kRounds = 3;
constexpr double kMostClients = 4096;

/// A stream whose first requests are cut to a random part, as if they had begun earlier: a batch of requests that
/// started together would end together.
class Staggered : public Traffic {
 public:
  Staggered(std::unique_ptr<Traffic> traffic, int first, std::uint64_t seed)
      : traffic_(std::move(traffic)), first_(first), rng_(~seed) {}
  bool next(Request& request) override {
    if (!traffic_->next(request)) return false;
    if (first_-- > 0)
      request.output = 1 + static_cast<std::int32_t>(rng_.below(static_cast<std::size_t>(request.output)));
    return true;
  }

 private:
  std::unique_ptr<Traffic> traffic_;
  int first_;
  Rng rng_;
};

/// Requests that always wait.
struct Backlog {
  const Lengths& lengths;
  std::uint64_t seed;
  std::size_t requests;

  Report serve(const Deployment& deployment, const SimulationOptions& options, std::size_t times) const {
    TrafficPlan plan;
    plan.arrivals.kind = ArrivalKind::closed;
    plan.arrivals.clients = options.clients;
    plan.lengths = lengths;
    plan.requests = requests * times;
    plan.seed = seed;
    Staggered traffic(synthetic_traffic(plan), options.clients, seed);
    return simulate(deployment, traffic, options);
  }
};

}  // namespace

Report simulate(const Deployment& deployment, Traffic& traffic, const SimulationOptions& options) {
  deployment.engine.validate();
  if (deployment.replicas < 1) throw Error::usage("a deployment needs at least one replica");
  Cancellable stream(traffic, options);
  const bool closed = options.clients > 0;
  Fleet fleet(deployment, options, closed ? &stream : nullptr);
  Request request;
  for (int i = 0; (!closed || i < options.clients) && stream.next(request); ++i) {
    if (closed) request.arrival_s = 0;
    fleet.arrive(request);
  }
  if (closed) fleet.run_closed_loop();
  return fleet.finish();
}

Report simulate_runs(const Deployment& deployment, const TrafficPlan& plan, std::size_t runs,
                     const SimulationOptions& options, const RunOptions& run) {
  std::vector<Report> reports(runs);
  const std::size_t ran = parallel_for(runs, run, [&](std::size_t i) {
    TrafficPlan one = plan;
    one.seed = splitmix64(plan.seed + i);
    one.duration_quantile = (static_cast<double>(i) + 0.5) / static_cast<double>(runs);
    const auto traffic = synthetic_traffic(one);
    reports[i] = simulate(deployment, *traffic, options);
  });
  if (ran < runs) throw Error::cancelled();
  Report sum;
  for (const Report& one : reports) sum.merge(one);
  return sum;
}

double saturation_rps(const Deployment& deployment, const Lengths& lengths, std::uint64_t seed) {
  Deployment one = deployment;
  one.replicas = 1;
  double at_once = deployment.engine.max_requests;
  const double tokens = lengths.prompt.mean + lengths.output.mean;
  if (known(deployment.engine.kv_tokens)) at_once = std::min(at_once, deployment.engine.kv_tokens / tokens);
  SimulationOptions options;
  options.clients = static_cast<int>(std::clamp(2 * at_once, 1.0, kMostClients));
  options.power_window_s = 0;
  const Backlog plan{lengths, seed, static_cast<std::size_t>(std::max(kRounds * options.clients, 200))};
  // The difference of a long and a short run: what filling and draining the batch takes cancels out.
  const Report half = plan.serve(one, options, 1), whole = plan.serve(one, options, 2);
  return static_cast<double>(whole.requests - half.requests) / (whole.busy_s - half.busy_s) *
         deployment.replicas;
}

}  // namespace energylens::serving
