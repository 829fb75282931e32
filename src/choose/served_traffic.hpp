// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "choose/limits.hpp"
#include "choose/operating_point.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/serving/report.hpp"
#include "energylens/serving/simulate.hpp"

namespace energylens::choose {

/// Reports at the predicted times of steps and at the ends of their 90 % interval.
struct SimulatedTraffic {
  serving::Report middle;
  std::optional<serving::Report> lo, hi;

  /// The mean of a latency.
  predictor::Estimate mean(serving::Histogram serving::Report::*latency) const;
  predictor::Estimate percentile(LatencyKind kind, int percentile) const;
};

/// A layout under the traffic of a question. Replicas take turns, so one of them represents all: it is simulated at its share
/// of the rate. Pure and deterministic for the seed of the question.
class ServedTraffic {
 public:
  /// `point`: the layout at its operating point under even arrivals. Everything must outlive this.
  ServedTraffic(const predictor::Predictor& predictor, const predictor::Facts& facts,
                const Question& question, const OperatingPoint& point, double power_limit_w);

  /// Rate at which requests always wait, over all replicas.
  double saturation_rps() const { return saturation_rps_; }
  double utilisation() const { return question_.amount / saturation_rps_; }

  /// Whether the queue is so near saturation that a tail is known only after many periods.
  bool near_saturation() const;
  /// One replica over the period, at the predicted times of steps and at the ends of their interval: those of `time`. `exactly`:
  /// for as many periods as the tail near saturation takes.
  SimulatedTraffic serve(const predictor::Estimate& time, bool exactly) const;
  TrafficFigures figures(const serving::Report& report) const;
  /// The largest rate at which all limits of latency and the goodput are kept, from short simulations.
  double max_rate_rps() const;
  double replicas() const { return replicas_; }

 private:
  /// How much is simulated.
  struct Effort {
    std::size_t periods = 1;
    std::size_t most_requests = 0;  ///< of one period
  };
  Effort effort(bool exactly) const;
  serving::Report simulate(const Effort& effort, double rate_factor, double time_factor) const;
  bool keeps_limits(const serving::Report& report) const;
  serving::Deployment deployment(double time_factor) const;
  serving::TrafficPlan plan(double rate_factor) const;
  serving::Report follow_trace(double rate_factor, double time_factor) const;
  serving::SimulationOptions options() const;

  const Question& question_;
  const TrafficQuestion& traffic_;
  double replicas_;
  serving::Deployment one_;
  double saturation_rps_ = kUnknown;
};

/// The limits of percentiles with what the simulation gives for them.
std::vector<Limited> limited_percentiles(const TrafficQuestion& traffic, const SimulatedTraffic& seen);
/// Why a report refuses its layout whatever the percentiles are: requests that never fit, or too little goodput; else empty.
std::string refusals(const TrafficQuestion& traffic, const serving::Report& report);

}  // namespace energylens::choose
