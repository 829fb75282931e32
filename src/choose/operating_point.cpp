// SPDX-License-Identifier: Apache-2.0
// operating_point.cpp: how many requests are in flight. A job starts all its requests at once. In the closed
// loop the clients of a replica are in flight up to its limit and the others wait; by Little's law the wait
// is S (C/dp - B) / B. In the open loop B = lambda S(B), again by Little's law: a server that starts empty
// comes to rest at the smallest solution. It is bracketed on a geometric grid and closed in on by secants; each step
// costs one prediction. Below one request in flight, the replica serves one request at a time and is busy for the
// share lambda S(1) of the time. Held by operating_point_test.cpp against closed-form solutions and a fine
// grid.
#include "choose/operating_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "choose/digits_apart.hpp"
#include "core/rounded_text.hpp"
#include "powercap/apply.hpp"
#include "predictor/waves.hpp"

namespace energylens::choose {
namespace {

constexpr double kGridStep = 1.1;
/// The search ends here if neither memory nor server sets a limit.
constexpr double kMostPerReplica = 1 << 20;

/// Seconds from the start of prefill to the last token (of the job, for jobs).
double service_time(const predictor::Prediction& p, const table::Load& load) {
  if (known(p.total_time_s.value) || load.kind == table::RowKind::job) return p.total_time_s.value;
  return p.ttft_s.value + p.tpot_s.value * (load.osl - 1);
}

/// The prediction at a power limit, if one is known.
void limit_power(const powercap::Curve& curve, double limit_w, OperatingPoint& point) {
  if (!known(limit_w)) return;
  const auto factors = powercap::apply_cap(curve, point.config.layout.gpus(), limit_w, point.prediction);
  if (factors) point.power_factors = *factors;
  if (!factors) point.rejected = "the model predicts no power, which a power limit needs";
}

/// Closes in on a zero of `surplus`, which is above 0 at `low` and not at `high`; the last argument at which it is not
/// above 0 is within 1e-9 of it. Steps are secants that aim beyond the zero by a small share of the far side, so that both
/// ends close in; every third step is a bisection, in case they do not.
template <class Surplus>
void close_in(double low, double high, const Surplus& surplus) {
  constexpr double kClose = 1e-9, kBeyond = 0.01;
  double above = surplus(low), below = surplus(high);
  bool low_moved = false;
  for (int step = 1; high - low > kClose * high; ++step) {
    const double secant = low + (high - low) * above / (above - below);
    const double aimed = low_moved ? secant + kBeyond * (high - secant) : secant - kBeyond * (secant - low);
    const bool inside = step % 3 != 0 && aimed > low && aimed < high;
    const double middle = inside ? aimed : 0.5 * (low + high);
    const double left = surplus(middle);
    low_moved = left > 0;
    (low_moved ? low : high) = middle;
    (low_moved ? above : below) = left;
  }
}

/// One layout under one question; its `copies_` replicas share the load evenly.
class LayoutUnderLoad {
 public:
  LayoutUnderLoad(const predictor::Predictor& predictor, const predictor::Facts& facts,
                  const Question& question, const table::Layout& layout, double power_limit_w)
      : predictor_(predictor),
        question_(question),
        copies_(predictor::replicas(layout)),
        power_limit_w_(power_limit_w) {
    config_.layout = layout;
    config_.load = question.request;
    config_.load.kind = question.arrival == Arrival::batch ? table::RowKind::job : table::RowKind::steady;
    if (known(question.max_per_replica)) config_.load.max_batch = question.max_per_replica * copies_;
    find_capacity(facts);
  }

  OperatingPoint resolve() const {
    OperatingPoint point = start();
    if (!point.rejected.empty()) return point;
    switch (question_.arrival) {
      case Arrival::batch:
        return job();
      case Arrival::concurrency:
        return closed_loop();
      case Arrival::rate:
        return open_loop();
    }
    return point;
  }

 private:
  /// The KV capacity of a replica and M: from the question, else the predictor, else the facts. A capacity
  /// that the predictor knows itself is not passed back to it, since it may correct what it is given.
  void find_capacity(const predictor::Facts& facts) {
    const predictor::Prediction probe = at_per_replica(1).prediction;
    capacity_ = {probe.kv_capacity_tokens, probe.kv_capacity_source, probe.kv_block_tokens};
    const bool estimated = capacity_.source == predictor::CapacitySource::catalogue;
    if (known(question_.kv_capacity_tokens)) {
      capacity_.tokens = question_.kv_capacity_tokens;
      capacity_.source = predictor::CapacitySource::flag;
      config_.kv_capacity_tokens = capacity_.tokens;
    } else if (!known(capacity_.tokens) || (estimated && known(question_.gpu_memory_utilization))) {
      capacity_ = predictor::resolve_kv_capacity(config_, {facts});
      config_.kv_capacity_tokens = capacity_.tokens;
    }
    at_once_ = predictor::requests_at_once(predictor::with_capacity(config_, capacity_));
  }

  OperatingPoint at_per_replica(double per_replica) const { return at(per_replica * copies_); }

  /// With `in_flight` requests over all replicas.
  OperatingPoint at(double in_flight) const {
    OperatingPoint point;
    point.config = config_;
    point.config.load.batch = in_flight;
    point.prediction = predictor_.predict(question_.group, point.config);
    if (capacity_.source != predictor::CapacitySource::not_stated) {
      point.prediction.kv_capacity_tokens = capacity_.tokens;
      point.prediction.kv_capacity_source = capacity_.source;
    }
    limit_power(question_.power_curve, power_limit_w_, point);
    point.service_s = service_time(point.prediction, config_.load);
    point.throughput_rps = in_flight / point.service_s;
    return point;
  }

  OperatingPoint start() const {
    OperatingPoint point = at_per_replica(1);
    if (at_once_ < 1 || !point.prediction.valid) {
      point.rejected = "no request fits: " + rounded_text(config_.load.osl + config_.load.isl_or(0), 9) +
                       " tokens in a KV cache of " + rounded_text(capacity_.tokens, 9) + " tokens";
    } else if (question_.arrival != Arrival::rate && question_.amount < copies_) {
      point.rejected = rounded_text(copies_, 9) + " replicas, but only " + rounded_text(question_.amount, 9) +
                       (question_.amount == 1 ? " request" : " requests");
    }
    return point;
  }

  /// min(M, max_per_replica).
  double most_per_replica() const {
    return known(question_.max_per_replica) ? std::min(at_once_, question_.max_per_replica) : at_once_;
  }

  OperatingPoint job() const { return at(question_.amount); }

  OperatingPoint closed_loop() const {
    const double clients = question_.amount / copies_, most = most_per_replica();
    if (clients <= most) return at(question_.amount);
    OperatingPoint point = at_per_replica(most);
    point.wait_s = point.service_s * (clients - most) / most;
    return point;
  }

  OperatingPoint open_loop() const {
    const double rate = question_.amount / copies_;
    OperatingPoint lower = at_per_replica(1);
    if (!known(lower.service_s)) {
      lower.rejected = "a rate requires times, and the model predicts none";
      return lower;
    }
    double most_rps = lower.throughput_rps;
    if (rate * lower.service_s <= 1) {
      lower.busy = rate * lower.service_s;
      lower.throughput_rps = question_.amount;
      return lower;
    }
    const double last = std::min(most_per_replica(), kMostPerReplica);
    for (double per_replica = 1; per_replica < last;) {
      const double next = std::min(per_replica * kGridStep, last);
      const OperatingPoint upper = at_per_replica(next);
      if (rate * upper.service_s <= next) return between(per_replica, next, rate);
      most_rps = std::max(most_rps, upper.throughput_rps);
      per_replica = next;
    }
    lower.rejected = saturation_text(question_.amount, most_rps);
    return lower;
  }

  /// Between `low` requests per replica, which are answered too slowly for the rate, and `high`, which are not.
  OperatingPoint between(double low, double high, double rate) const {
    OperatingPoint point;
    close_in(low, high, [&](double requests) {
      const OperatingPoint tried = at_per_replica(requests);
      const double surplus = rate * tried.service_s - requests;
      if (!(surplus > 0)) point = tried;
      return surplus;
    });
    point.throughput_rps = question_.amount;
    return point;
  }

  const predictor::Predictor& predictor_;
  const Question& question_;
  double copies_;
  table::Configuration config_;
  double at_once_ =
      std::numeric_limits<double>::infinity();  ///< M: requests that fit into the KV cache of a replica
  predictor::Capacity capacity_;
  double power_limit_w_;
};

}  // namespace

std::string saturation_text(double asked_rps, double most_rps) {
  const int digits = digits_apart(asked_rps, most_rps, 2);
  return "serves at most " + rounded_text(most_rps, digits) + " of " + rounded_text(asked_rps, digits) +
         " requests/s";
}

OperatingPoint operating_point(const predictor::Predictor& predictor, const predictor::Facts& facts,
                               const Question& question, const table::Layout& layout, double power_limit_w) {
  return LayoutUnderLoad(predictor, facts, question, layout, power_limit_w).resolve();
}

}  // namespace energylens::choose
