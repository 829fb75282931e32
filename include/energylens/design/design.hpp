// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "energylens/predictor/predictor.hpp"

namespace energylens::design {

/// By what the next measurements are picked. docs/method/design.md defines each.
enum class Strategy { random, spread, d_optimal, i_optimal, sequential };

/// One row of the table of strategies: feeds flags and documents.
struct StrategyInfo {
  Strategy strategy;
  std::string_view name;      ///< "d-optimal"
  std::string_view sentence;  ///< what it does, for people
  bool fits;                  ///< goes by a model, so it needs rows; begins as `spread`
};
std::span<const StrategyInfo> strategy_infos();
const StrategyInfo& info(Strategy strategy);
/// Throws Error (usage) for a name that is none.
Strategy parse_strategy(std::string_view name);

/// Fewer rows with an energy than these tell a model too little to go by.
inline constexpr std::size_t kLeastRows = 8;
/// The most places over which `i_optimal` and `sequential` can hold a joint belief.
inline constexpr std::size_t kMostPlaces = 3000;

/// A question that will be asked: which of these places serves the load with the least energy?
struct Question {
  std::vector<std::size_t> places;  ///< indices into Problem::places; at least one
  double weight = 1;                ///< how often it is asked, > 0
};

/// What may be measured, what is to be served, and what is known already.
struct Problem {
  table::GroupIdentity identity;             ///< whose rows these are: gives the facts of the law
  std::vector<table::Configuration> places;  ///< all that is named below, each once
  std::vector<std::size_t> candidates;       ///< places that may be measured, each once
  std::vector<Question> workload;            ///< at least one
  std::vector<table::Row> measured;          ///< rows of known results, whether of a place or not
};

struct Options {
  Strategy strategy = Strategy::sequential;
  std::size_t rows = 30;        ///< to pick; all candidates if they are fewer
  std::uint64_t seed = 0;       ///< of the random order, and of ties
  std::size_t first_rows = 12;  ///< campaign: picked by `spread` before there is a model
  std::size_t batch_rows = 6;   ///< campaign: picked from one fit
  predictor::FitOptions fit;    ///< of the model; the target is energy whatever it says
};

/// What to measure.
struct Design {
  std::vector<std::size_t> picks;  ///< places, in the order in which they were picked
  bool spread_instead = false;     ///< there was no model to go by yet
  /// `sequential`: the mean regret (a fraction) that picks in the workload are expected to have now, and once
  /// the picks are measured. Unknown otherwise.
  double regret_before = kUnknown, regret_after = kUnknown;
};

/// Picks from what is known now. Where the strategy goes by a model and fewer than kLeastRows rows have an
/// energy, it picks by `spread`. The picks of a smaller number of rows begin those of a larger one. Throws
/// Error (usage) for more than kMostPlaces places where a joint belief is needed, and what parametric::fit_law throws.
Design propose(const Problem& problem, const Options& options);

/// The row that measuring a place gives.
using Measure = std::function<table::Row(std::size_t place)>;

/// A whole campaign: picks, measures, fits again, and so on; returns the places in order. `measure` is asked
/// once about each place that was picked, and about no other. The same Error as `propose`.
std::vector<std::size_t> campaign(Problem problem, const Options& options, const Measure& measure);

}  // namespace energylens::design
