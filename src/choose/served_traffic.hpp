// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "choose/limits.hpp"
#include "choose/operating_point.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/serving/report.hpp"
#include "energylens/serving/simulate.hpp"

namespace energylens::choose {

/// A layout under the traffic of a question. Replicas take turns, so one of them represents all: it is simulated at its share
/// of the rate. Pure and deterministic for the seed of the question.
class ServedTraffic {
 public:
  /// `point`: the layout at its operating point under even arrivals. Everything must outlive this.
  ServedTraffic(const predictor::Predictor& predictor, const predictor::Facts& facts,
                const Question& question, const OperatingPoint& point, double power_limit_w);

  /// One replica over the period, at a multiple of the rate and of the times of all steps. As many periods as a tail that
  /// does not change by more than some percent takes.
  serving::Report serve(double rate_factor = 1, double time_factor = 1) const;
  /// The same with a given number of periods.
  serving::Report serve_periods(std::size_t periods, double rate_factor, double time_factor) const;

  double saturation_rps() const;
  TrafficFigures figures(const serving::Report& report) const;
  /// The largest rate at which all limits of latency and the goodput are kept, from a simulation of few periods.
  double max_rate_rps(double saturation_rps) const;
  /// Whether the limits of latency and goodput are kept.
  bool keeps_limits(const serving::Report& report) const;
  double replicas() const { return replicas_; }

 private:
  serving::Deployment deployment(double time_factor) const;
  serving::TrafficPlan plan(double rate_factor) const;
  serving::Report follow_trace(double rate_factor, double time_factor) const;
  serving::SimulationOptions options() const;

  const Question& question_;
  const TrafficQuestion& traffic_;
  double replicas_;
  serving::Deployment one_;
};

/// Reports at the predicted times of steps and at the ends of their 90 % interval.
struct SimulatedTraffic {
  serving::Report middle;
  std::optional<serving::Report> lo, hi;

  /// The mean of a latency.
  predictor::Estimate mean(serving::Histogram serving::Report::*latency) const;
  predictor::Estimate percentile(LatencyKind kind, int percentile) const;
};

/// The limits of percentiles with what the simulation gives for them.
std::vector<Limited> limited_percentiles(const TrafficQuestion& traffic, const SimulatedTraffic& seen);
/// Why a report refuses its layout whatever the percentiles are: requests that never fit, or too little goodput; else empty.
std::string refusals(const TrafficQuestion& traffic, const serving::Report& report);

}  // namespace energylens::choose
