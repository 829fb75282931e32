// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/predictor/predictor.hpp"

namespace energylens::eval {

/// The figures of an evaluation. All are fractions (0.045 is 4.5 %).
enum class Metric {
  // of the picks in held-out scenarios
  top1,
  top1_within_1pct,
  pairwise,
  regret_mean,
  regret_p95,
  // of the energies of held-out rows
  mape,
  median_ape,
  coverage_90,
  interval_score,
  unpredicted,
  // of their phases, where those were measured
  prefill_median_ape,
  decode_median_ape,
  // of picks under a limit
  breach_rate,
  // of their time per output token, where it was predicted
  tpot_mape,
  tpot_median_ape,
  // of the stated chances of being the best
  chance_best,
  calibration_error,
};
inline constexpr std::size_t kMetrics = 17;

/// One row of the table of metrics: feeds JSON, CSV and documents.
struct MetricInfo {
  Metric metric;
  std::string_view name;
  bool larger_is_better;
  std::string_view meaning;
};
std::span<const MetricInfo, kMetrics> metric_infos();

/// The outcome of one pick in one scenario or under one limit.
struct PickOutcome {
  double regret = kUnknown;    ///< energy of the pick / energy of the best one - 1; unknown for a breach
  double pairwise = kUnknown;  ///< share of candidate pairs ordered correctly; a tie counts half
  double breach = kUnknown;    ///< 1 if the pick breaks the limit, 0 if not; unknown without a limit
  std::size_t question = 0;    ///< its first row, or its index among the questions under a limit
  double chance = kUnknown;    ///< stated chance that the pick is the best; unknown if none was stated
};

/// The stated chance of one candidate of a scenario, and the result.
struct CandidateOutcome {
  double chance = 0;  ///< share of joint draws in which it needs the least energy
  bool best = false;  ///< no candidate of the scenario has a lower measured energy
};

/// One held-out row.
struct RowOutcome {
  predictor::Estimate predicted;  ///< scenario energy
  double measured = kUnknown;     ///< scenario energy, > 0
  /// |predicted - measured| / measured of the phases' energies and of the TPOT; unknown where not
  /// measured.
  double prefill_ape = kUnknown, decode_ape = kUnknown, tpot_ape = kUnknown;
  predictor::Estimate tpot_s = {};  ///< as predicted, if it was
  std::size_t row = 0;              ///< index into Group::rows
  table::Layout layout = {};
};

/// All answers of a predictor for one group in one sample (one seed, or all of `loo`).
struct Outcomes {
  std::vector<PickOutcome> picks;
  std::vector<RowOutcome> rows;
  std::vector<CandidateOutcome> candidates = {};  ///< of the tested scenarios; none without stated chances
};

/// Regret of the pick in one scenario. If the picked layout was measured more than once, its least energy
/// counts. Requires: candidates have scenario energies; picked < candidates.size().
double regret(std::span<const table::Row> candidates, std::size_t picked);
/// Share of the pairs of different measured energy that `predicted` orders correctly; a tie or an unknown
/// prediction counts half; unknown if there is no such pair.
double pairwise(std::span<const double> measured, std::span<const double> predicted);

/// By Metric; unknown where there is no outcome to measure. Errors are over the rows that were predicted;
/// `unpredicted` is the share of the other rows.
std::array<double, kMetrics> measure(const Outcomes& outcomes);

/// Unknown without values. NaN values are left out.
double mean(std::span<const double> values);
/// The value below which the share `p` of `values` lies, by linear interpolation between order statistics
/// (the smallest is 0, the largest 1); unknown without values. NaN values are left out.
double quantile(std::vector<double> values, double p);

}  // namespace energylens::eval
