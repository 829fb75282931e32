// SPDX-License-Identifier: Apache-2.0
// operating_point.cpp: how many requests are in flight. A job starts all at once. In the closed loop the
// clients of a replica are in flight up to its limit, the others wait; by Little's law the wait is S (C/dp -
// B) / B. In the open loop B = lambda S(B) (Little's law again): the smallest solution is where a server that
// starts empty settles. It is bracketed on a geometric grid and bisected; each step costs one prediction.
// Below one request in flight the replica serves one at a time and is busy for the share lambda S(1) of the
// time. Held by operating_point_test.cpp against closed-form solutions and a fine grid.
#include "choose/operating_point.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "choose/digits_apart.hpp"
#include "energylens/core/rounded_text.hpp"
#include "energylens/predictor/waves.hpp"

namespace energylens::choose {
namespace {

constexpr double kGridStep = 1.1;
constexpr double kMostInFlight =
    1 << 20;  ///< where the search ends if neither memory nor server sets a limit

/// One layout under one question; `copies` replicas share the load evenly.
class LayoutUnderLoad {
 public:
  LayoutUnderLoad(const predictor::Predictor& predictor, const predictor::Facts& facts,
                  const Question& question, const table::Layout& layout)
      : predictor_(predictor), question_(question), copies_(predictor::replicas(layout)) {
    config_.layout = layout;
    config_.load = question.request;
    config_.load.kind = question.arrival == Arrival::batch ? table::RowKind::job : table::RowKind::steady;
    if (known(question.max_batch)) config_.load.max_batch = question.max_batch * copies_;
    find_capacity(facts);
  }

  OperatingPoint settle() const {
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
  /// The KV capacity of a replica and M: of the question, else of the predictor, else of the facts. What the
  /// predictor knows by itself is not handed back to it, for it may correct what it is given.
  void find_capacity(const predictor::Facts& facts) {
    const predictor::Prediction probe = at(1).prediction;
    capacity_ = {probe.kv_capacity_tokens, probe.kv_capacity_source};
    if (known(question_.kv_capacity_tokens)) {
      capacity_ = {question_.kv_capacity_tokens, predictor::CapacitySource::flag};
      config_.kv_capacity_tokens = capacity_.tokens;
    } else if (!known(capacity_.tokens)) {
      capacity_ = predictor::resolve_kv_capacity(config_, {facts});
      config_.kv_capacity_tokens = capacity_.tokens;
    }
    at_once_ = predictor::requests_at_once(capacity_.tokens, config_.load.isl, config_.load.osl);
  }

  OperatingPoint at(double batch_per_replica) const {
    OperatingPoint point;
    point.config = config_;
    point.config.load.batch = batch_per_replica * copies_;
    point.prediction = predictor_.predict(question_.group, point.config);
    if (capacity_.source != predictor::CapacitySource::not_stated) {
      point.prediction.kv_capacity_tokens = capacity_.tokens;
      point.prediction.kv_capacity_source = capacity_.source;
    }
    point.service_s = service_time(point);
    point.throughput_rps = point.config.load.batch / point.service_s;
    return point;
  }

  double service_time(const OperatingPoint& point) const {
    const predictor::Prediction& p = point.prediction;
    if (known(p.total_time_s.value) || config_.load.kind == table::RowKind::job) return p.total_time_s.value;
    return p.ttft_s.value + p.tpot_s.value * (config_.load.osl - 1);
  }

  OperatingPoint start() const {
    OperatingPoint point = at(1);
    if (at_once_ < 1 || !point.prediction.valid) {
      point.rejected = "not one request fits: " + rounded_text(config_.load.osl + config_.load.isl_or(0), 9) +
                       " tokens, a KV cache of " + rounded_text(capacity_.tokens, 9) + " tokens";
    } else if (question_.arrival != Arrival::rate && question_.amount < copies_) {
      point.rejected = rounded_text(copies_, 9) + " replicas for " + rounded_text(question_.amount, 9) +
                       (question_.amount == 1 ? " request" : " requests");
    }
    return point;
  }

  /// min(M, max_batch), requests in flight per replica.
  double limit() const {
    return known(question_.max_batch) ? std::min(at_once_, question_.max_batch) : at_once_;
  }

  OperatingPoint job() const { return at(question_.amount / copies_); }

  OperatingPoint closed_loop() const {
    const double clients = question_.amount / copies_;
    const double batch = std::min(clients, limit());
    OperatingPoint point = at(batch);
    if (clients > batch) point.wait_s = point.service_s * (clients - batch) / batch;
    return point;
  }

  OperatingPoint open_loop() const {
    const double rate = question_.amount / copies_;
    OperatingPoint lower = at(1);
    if (!known(lower.service_s)) {
      lower.rejected = "the model predicts no time, and a rate needs one";
      return lower;
    }
    double most = lower.throughput_rps;
    if (rate * lower.service_s <= 1) {
      lower.busy = rate * lower.service_s;
      lower.throughput_rps = question_.amount;
      return lower;
    }
    const double last = std::min(limit(), kMostInFlight);
    for (double batch = 1; batch < last;) {
      const double next = std::min(batch * kGridStep, last);
      const OperatingPoint upper = at(next);
      if (rate * upper.service_s <= next) return between(batch, next, rate);
      most = std::max(most, upper.throughput_rps);
      batch = next;
    }
    lower.rejected = saturation(most);
    return lower;
  }

  /// Bisection: the load outruns the replica at `low` and not at `high`.
  OperatingPoint between(double low, double high, double rate) const {
    OperatingPoint point = at(high);
    while (high - low > 1e-9 * high) {
      const double middle = 0.5 * (low + high);
      const OperatingPoint tried = at(middle);
      if (rate * tried.service_s <= middle) {
        high = middle;
        point = tried;
      } else {
        low = middle;
      }
    }
    point.throughput_rps = question_.amount;
    return point;
  }

  std::string saturation(double most) const {
    const int digits = digits_apart(question_.amount, most, 2);
    return "saturates: " + rounded_text(question_.amount, digits) + " requests/s > " +
           rounded_text(most, digits);
  }

  const predictor::Predictor& predictor_;
  const Question& question_;
  double copies_;
  table::Configuration config_;
  double at_once_ = std::numeric_limits<double>::infinity();
  predictor::Capacity capacity_;
};

}  // namespace

OperatingPoint operating_point(const predictor::Predictor& predictor, const predictor::Facts& facts,
                               const Question& question, const table::Layout& layout) {
  return LayoutUnderLoad(predictor, facts, question, layout).settle();
}

}  // namespace energylens::choose
