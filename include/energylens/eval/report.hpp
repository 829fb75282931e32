// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "energylens/eval/metrics.hpp"
#include "energylens/io/json.hpp"

namespace energylens::eval {

/// A metric over samples: mean and standard deviation (n - 1). Unknown where there is none.
struct Score {
  double mean = kUnknown, sd = kUnknown;
};

/// The figures of rows, over those of one layout.
struct LayoutScores {
  table::Layout layout;
  std::size_t n_rows = 0;  ///< rows asked, over all samples
  std::array<Score, kMetrics> values;
};

/// Candidates whose stated chance of being the best lies in one tenth of 0 to 1, over all samples.
struct ReliabilityBin {
  double from = 0, to = 0;
  std::size_t n = 0;
  double chance = kUnknown;  ///< mean of what was stated
  double share = kUnknown;   ///< how many of them were the best
};

/// How one predictor did in one group, or overall.
struct Scores {
  std::array<Score, kMetrics> values;
  std::vector<double> regret_percentiles;   ///< 0, 5, ... 100 of all picks of all samples; empty for no picks
  std::vector<ReliabilityBin> reliability;  ///< bins that are not empty; none if no chances were stated
  std::vector<LayoutScores> by_layout;      ///< by (tp, pp, dp, ep)
  /// Parameters the data pay for, mean over fits; overall: summed over groups unless pooled.
  double effective_parameters = kUnknown;
  std::string note;  ///< why there are no figures, or fewer: "18 of 20 fits failed: ..."

  Score& operator[](Metric metric) { return values[static_cast<std::size_t>(metric)]; }
  const Score& operator[](Metric metric) const { return values[static_cast<std::size_t>(metric)]; }
};
using ScoresByName = std::vector<std::pair<std::string, Scores>>;

/// A figure of one predictor less that of another, on the same questions.
struct Difference {
  double won = kUnknown;  ///< share of samples in which the first is better, a tie counting half
  double mean = kUnknown;
  double lo = kUnknown, hi = kUnknown;  ///< 95 % interval by resampling scenarios; unknown for fewer than two
};

/// Two predictors paired over all groups.
struct Comparison {
  std::string first, second;
  std::size_t n_clusters = 0;  ///< what was resampled: scenarios and rows that are in none
  std::vector<std::pair<Metric, Difference>> differences;
};

struct GroupReport {
  table::GroupIdentity identity;
  std::size_t n_scenarios = 0;
  std::size_t n_questions = 0;  ///< limited: pairs of group and limit that at least two candidates keep
  std::size_t n_rows = 0;
  std::size_t train_used = 0;  ///< rows that the predictors were fitted to (the least over samples)
  /// Share of all scenarios whose fastest layout is not the one of least energy, and the mean energy that
  /// picking the fastest costs above the least; unknown without measured times.
  double latency_energy_differ = kUnknown, latency_extra_energy = kUnknown;
  double cut = kUnknown;            ///< extrapolate: the last value trained on
  std::vector<std::string> limits;  ///< sentences: what these data cannot test
  ScoresByName predictors;
};

/// The figures of the groups that agree in one column.
struct ColumnScores {
  std::string column, value;  ///< value "" where groups state none
  std::size_t n_groups = 0, n_scenarios = 0, n_rows = 0;
  ScoresByName predictors;
};

/// What an evaluation found.
struct Report {
  std::string protocol;              ///< name of the protocol
  std::optional<std::size_t> train;  ///< N asked for; none where all rows but the held-out ones train
  int seeds = 0;                     ///< samples; 0 for loo
  bool same_gpus = false, pool = false;
  /// How the protocol was set, where it has such a setting: unit, blocked, axis, latency, breach_risk,
  /// with_source; by the name and as it is printed.
  std::vector<std::pair<std::string, io::Json>> settings;
  bool cancelled = false;  ///< stopped early: the figures are of what was done
  std::vector<GroupReport> groups;
  ScoresByName overall;          ///< over all picks and all rows of all groups
  std::vector<ColumnScores> by;  ///< the same, by what groups have in common
  std::vector<Comparison> comparisons;
  /// learning-curve and transfer: one for each number of training rows (with and without sources); then
  /// `groups`, `overall` and `comparisons` are empty.
  std::vector<Report> reports;
  std::vector<std::string> notes;  ///< sentences about the predictors: which see more than N rows
};

/// {"protocol", "train", "seeds", ..., "groups": [{"group": {...}, "n_scenarios", "n_rows", "train_used",
/// "latency_energy_differ", "latency_extra_energy", "limits": [...], "predictors": {"law": {"top1": ...,
/// "top1_sd": ..., ..., "by_layout": {"tp8": {"mape": ...}}}}}], "overall": {"law": {...}}, "by":
/// {"arch": {"moe": {"n_groups": ..., "predictors": {...}}}}, "comparisons": [...], "notes": [...]}; null
/// where there is no figure. One of several reports has them as "reports".
io::Json to_json(const Report& report);
/// One line per group and predictor, and per predictor overall ("overall" in the column `group`); of several
/// reports all their lines, told apart by the first columns `train` and, of transfer, `with_source`.
std::string to_csv(const Report& report);
/// For people: one block per group with its limits, then all groups together.
std::string to_table_text(const Report& report);

}  // namespace energylens::eval
