// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "energylens/choose/choose.hpp"
#include "energylens/core/number_text.hpp"

namespace energylens::cli {

/// How the requests of `choose --rate` arrive and differ, how the engine serves them, and the limits of single requests.
struct TrafficFlags {
  std::string arrivals, scheduler = "vllm";
  double isl_cv = kUnknown, osl_cv = kUnknown, goodput = kUnknown, period_s = kUnknown;
  int max_step_tokens = 0;
  std::array<std::array<double, choose::kPercentiles.size()>, choose::kLatencyNames.size()> limits_ms{};

  TrafficFlags();
  void declare_arrivals(Arguments& args);
  void declare_limits(Arguments& args);

  bool follows_trace() const;
  bool limits_percentiles() const;
  /// Describes the traffic of a question with a rate; with a trace, takes rate and lengths from it. Throws Error (usage) for
  /// options that need a rate and have none.
  void apply(choose::Question& question) const;

  /// Whether an option describes the traffic.
  bool given() const;

 private:
  void follow_trace(choose::Question& question, choose::TrafficQuestion& traffic) const;
  std::vector<choose::PercentileLimit> limits() const;
};

}  // namespace energylens::cli
