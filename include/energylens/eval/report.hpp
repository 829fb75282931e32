// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "energylens/eval/metrics.hpp"
#include "energylens/io/json.hpp"

namespace energylens::eval {

/// A metric over samples: mean and standard deviation (n - 1); unknown where the metric is.
struct Score {
  double mean = kUnknown, sd = kUnknown;
};

/// The figures of rows, over those of one layout.
struct LayoutScores {
  table::Layout layout;
  std::size_t n_rows = 0;  ///< rows tested, over all samples
  std::array<Score, kMetrics> values;
};

/// Candidates whose stated chance of being the best lies in one of ten bins, over all samples.
struct ReliabilityBin {
  double from = 0, to = 0;
  std::size_t n = 0;
  double chance = kUnknown;  ///< mean stated chance
  double share = kUnknown;   ///< share of them that were the best
};

/// The figures of one predictor in one group, or overall.
struct Scores {
  std::array<Score, kMetrics> values;
  std::vector<double> regret_percentiles;   ///< 0, 5, ... 100 of all picks of all samples; empty for no picks
  std::vector<ReliabilityBin> reliability;  ///< bins that are not empty; none if no chances were stated
  std::vector<LayoutScores> by_layout;      ///< by (tp, pp, dp, ep)
  /// Effective parameters, mean over fits; overall: summed over groups unless pooled.
  double effective_parameters = kUnknown;
  std::string note;  ///< why figures are missing or cover fewer fits: "18 of 20 fits failed: ..."

  Score& operator[](Metric metric) { return values[static_cast<std::size_t>(metric)]; }
  const Score& operator[](Metric metric) const { return values[static_cast<std::size_t>(metric)]; }
};
using ScoresByName = std::vector<std::pair<std::string, Scores>>;

/// A figure of one predictor minus that of another, on the same questions.
struct Difference {
  double won = kUnknown;  ///< share of samples in which the first is better, a tie counting half
  double mean = kUnknown;
  double lo = kUnknown, hi = kUnknown;  ///< 95 % interval by resampling scenarios; unknown for fewer than two
};

/// Paired differences of two predictors over all groups.
struct Comparison {
  std::string first, second;
  std::size_t n_clusters = 0;  ///< resampled units: scenarios, and rows that are in none
  std::vector<std::pair<Metric, Difference>> differences;
};

struct GroupReport {
  table::GroupIdentity identity;
  std::size_t n_scenarios = 0;
  std::size_t n_questions = 0;  ///< limited: pairs of group and limit that at least two candidates keep
  std::size_t n_rows = 0;
  std::size_t train_used = 0;  ///< rows that the predictors were fitted to (the least over samples)
  /// Share of all scenarios whose fastest layout does not have the least energy, and the mean extra energy of
  /// picking the fastest; unknown without measured times.
  double latency_energy_differ = kUnknown, latency_extra_energy = kUnknown;
  double cut = kUnknown;            ///< extrapolate: the last value trained on
  std::vector<std::string> limits;  ///< sentences about what these data cannot test
  ScoresByName predictors;
};

/// The figures of the groups that agree in one column.
struct ColumnScores {
  std::string column, value;  ///< value "" where groups state none
  std::size_t n_groups = 0, n_scenarios = 0, n_rows = 0;
  ScoresByName predictors;
};

/// The result of an evaluation.
struct Report {
  std::string protocol;              ///< name of the protocol
  std::optional<std::size_t> train;  ///< training rows asked for; none if all but the held-out rows train
  int seeds = 0;                     ///< samples; 0 for loo
  bool same_gpus = false, pool = false;
  /// Settings of the protocol by name, as they are printed: unit, blocked, axis, latency, breach_risk,
  /// with_sources, ...
  std::vector<std::pair<std::string, io::Json>> settings;
  bool cancelled = false;  ///< stopped early: the figures cover the completed fits only
  std::vector<GroupReport> groups;
  ScoresByName overall;          ///< over all picks and all rows of all groups
  std::vector<ColumnScores> by;  ///< the same, by what groups have in common
  std::vector<Comparison> comparisons;
  /// learning-curve and transfer: one for each number of training rows (with and without sources); then
  /// `groups`, `overall` and `comparisons` are empty.
  std::vector<Report> reports;
  std::vector<std::string> notes;  ///< sentences about predictors, such as which are trained on more rows
};

/// {"protocol", "train", "seeds", ..., "groups": [{"group": {...}, "n_scenarios", "n_rows", "train_used",
/// "latency_energy_differ", "latency_extra_energy", "limits": [...], "predictors": {"law": {"top1": ...,
/// "top1_sd": ..., ..., "by_layout": {"tp8": {"mape": ...}}}}}], "overall": {"law": {...}}, "by":
/// {"arch": {"moe": {"n_groups": ..., "predictors": {...}}}}, "comparisons": [...], "notes": [...]}; null
/// where there is no figure. One of several reports has them as "reports".
io::Json to_json(const Report& report);
/// One line per group and predictor, and per predictor overall ("overall" in the column `group`); of several
/// reports the lines of all, with `train` and, for transfer, `with_sources` as the first columns.
std::string to_csv(const Report& report);
/// As text: one block per group with its limits, then all groups together.
std::string to_table_text(const Report& report);

}  // namespace energylens::eval
