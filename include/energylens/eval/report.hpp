// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "energylens/eval/metrics.hpp"
#include "energylens/wire/json.hpp"

namespace energylens::eval {

/// A metric over samples: mean and standard deviation (n - 1). Unknown where there is none.
struct Score {
  double mean = kUnknown, sd = kUnknown;
};

/// How one predictor did in one group, or overall.
struct Scores {
  std::array<Score, kMetrics> values;
  /// Parameters the data pay for, mean over fits; overall: summed over groups unless pooled.
  double effective_parameters = kUnknown;
  std::string note;  ///< why there are no figures, or fewer: "18 of 20 fits failed: ..."

  Score& operator[](Metric metric) { return values[static_cast<std::size_t>(metric)]; }
  const Score& operator[](Metric metric) const { return values[static_cast<std::size_t>(metric)]; }
};
using ScoresByName = std::vector<std::pair<std::string, Scores>>;

struct GroupReport {
  table::GroupIdentity identity;
  std::size_t n_scenarios = 0;
  std::size_t n_rows = 0;
  std::size_t train_used = 0;  ///< rows that the predictors were fitted to (the least over samples)
  /// Share of all scenarios whose fastest layout is not the one of least energy, and the mean energy that
  /// picking the fastest costs above the least; unknown without measured times.
  double latency_energy_differ = kUnknown, latency_extra_energy = kUnknown;
  std::vector<std::string> limits;  ///< sentences: what these data cannot test
  ScoresByName predictors;
};

/// What an evaluation found.
struct Report {
  std::string protocol;   ///< selection | loo
  std::string unit;       ///< row | scenario; blank for selection
  std::size_t train = 0;  ///< N asked for; 0 for loo (all)
  int seeds = 0;          ///< samples; 0 for loo
  bool same_gpus = false, pool = false;
  bool cancelled = false;  ///< stopped early: the figures are of what was done
  std::vector<GroupReport> groups;
  ScoresByName overall;            ///< over all picks and all rows of all groups
  std::vector<std::string> notes;  ///< sentences about the predictors: which see more than N rows
};

/// {"protocol", "train", "seeds", ..., "groups": [{"group": {...}, "n_scenarios", "n_rows", "train_used",
/// "latency_energy_differ", "latency_extra_energy", "limits": [...], "predictors": {"law": {"top1": ...,
/// "top1_sd": ..., ...}}}], "overall": {"law": {...}}, "notes": [...]}; null where there is no figure.
wire::Json to_json(const Report& report);
/// One line per group and predictor, and per predictor overall ("overall" in the column `group`).
std::string to_csv(const Report& report);
/// For people: one block per group with its limits, then all groups together.
std::string to_table_text(const Report& report);

}  // namespace energylens::eval
