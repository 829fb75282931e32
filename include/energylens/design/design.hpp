// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/predictor/predictor.hpp"

namespace energylens::parametric {
class LawModel;
}

namespace energylens::design {

/// How the next measurements are picked. docs/method/design.md defines each strategy.
enum class Strategy { random, spread, d_optimal, i_optimal, sequential };

/// One row of the table of strategies: feeds flags and documents.
struct StrategyInfo {
  Strategy strategy;
  std::string_view name;      ///< "d-optimal"
  std::string_view sentence;  ///< what it picks, for people
  bool fits;                  ///< uses a fitted model, so it needs rows and starts as `spread`
};
std::span<const StrategyInfo> strategy_infos();
const StrategyInfo& info(Strategy strategy);
/// Throws Error (usage) for an unknown name.
Strategy parse_strategy(std::string_view name);

/// The least number of rows with an energy for a strategy that uses a model.
inline constexpr std::size_t kLeastRows = 8;
/// The most places for which `i_optimal` and `sequential` can keep a joint prior.
inline constexpr std::size_t kMostPlaces = 3000;

/// A question of the workload: which of these places serves the load with the least energy?
struct WorkloadQuestion {
  std::vector<std::size_t> places;  ///< indices into Problem::places; at least one
  double weight = 1;                ///< relative frequency, > 0
};

/// The possible measurements, the workload, and the rows that are measured already.
struct Problem {
  table::GroupIdentity identity;             ///< the measured system: gives the facts of the law
  std::vector<table::Configuration> places;  ///< all configurations that occur below, each once
  std::vector<std::size_t> candidates;       ///< places that can be measured, each once
  std::vector<WorkloadQuestion> workload;    ///< at least one question
  std::vector<table::Row> measured;          ///< rows with results, at places of the problem or elsewhere
};

struct DesignOptions {
  Strategy strategy = Strategy::sequential;
  std::size_t rows = 30;         ///< to pick; all candidates if there are fewer
  std::uint64_t seed = 0;        ///< of the random order, and for ties
  std::size_t first_rows = 12;   ///< campaign: rows picked by `spread` before the first fit
  std::size_t rows_per_fit = 6;  ///< campaign: rows picked from one fit
  predictor::FitOptions fit;     ///< of the model; its target is always energy
  /// `d_optimal`: a law of the group to start from, such as that of the library, in place of a fit to the measured rows. It
  /// needs no rows. nullptr: a fit.
  const parametric::LawModel* law = nullptr;
  Progress progress;  ///< of the picks
};

/// The measurements to make.
struct Design {
  std::vector<std::size_t> picks;  ///< places, in the order in which they were picked
  bool spread_instead = false;     ///< there were too few rows for a model, so `spread` picked
  /// `sequential`: the expected mean regret (a fraction) of choices in the workload now, and once the picks
  /// are measured. Unknown otherwise.
  double regret_before = kUnknown, regret_after = kUnknown;
};

/// Picks the next measurements. If the strategy uses a model and fewer than kLeastRows rows have an energy,
/// `spread` picks instead. The picks for a smaller number of rows are the first picks for a larger one.
/// Throws Error (usage) for more than kMostPlaces places if a joint prior is needed, and the errors of
/// parametric::fit_law.
Design propose(const Problem& problem, const DesignOptions& options);

/// Measures a place and returns its row.
using Measure = std::function<table::Row(std::size_t place)>;

/// A whole campaign: picks, measures, fits again, until options.rows rows are measured. Returns the places in
/// order. `measure` is called once for each place that was picked, and for no other. Throws as `propose`
/// does.
std::vector<std::size_t> campaign(Problem problem, const DesignOptions& options, const Measure& measure);

}  // namespace energylens::design
