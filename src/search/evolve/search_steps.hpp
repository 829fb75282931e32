// SPDX-License-Identifier: Apache-2.0
// The state of a search and its steps, in the order in which search() takes them.
#pragma once
#include <cstdint>
#include <deque>

#include "energylens/core/parallel.hpp"
#include "energylens/search/front.hpp"
#include "search/evolve/budget.hpp"
#include "search/evolve/checkpointer.hpp"
#include "search/evolve/island.hpp"

namespace energylens::search {

/// A step whose share of the evaluations is smaller than this is left out.
inline constexpr std::uint64_t kFewestEvaluations = 64;

/// Everything that the steps of a search read and change.
struct SearchState {
  SearchState(const Problem& searched, const Options& given);
  SearchState(const SearchState&) = delete;
  SearchState& operator=(const SearchState&) = delete;

  // What is searched; never changed.
  const Problem& problem;
  const Options& options;
  const Form form;
  const Dataset dataset;
  const PrimitiveSet primitives;
  const SearchContext context;
  RunOptions run;

  // What was found.
  std::deque<Island> islands;
  Archive archive;  ///< the best formula of each complexity
  Ended ended = Ended::evaluations;

  // How far the search is.
  Budget budget;
  Checkpointer checkpointer;
  SearchPosition position;
  std::uint64_t evaluations = 0, duplicates = 0;
  double reported_at = 0;  ///< when Options::watch was last called

  std::uint64_t evaluations_left() const { return budget.evaluations_left(evaluations); }
};

/// Throws Error for a problem and options that cannot be searched together.
void check_together(const Problem& problem, const Options& options);

/// Restores the state of a checkpoint, if there is one to resume from.
void resume(SearchState& s);
/// Fits guesses and small formulas, and hands the best to all islands. Goes on where a checkpoint ended.
void seed(SearchState& s);
/// Evolves the islands, cycle by cycle, until a limit is reached.
void evolve(SearchState& s);
/// Local search over the front: fits the neighbours of its formulas, and of those that this adds, until it
/// stands or its share of the limits is used. Nothing of this enters a checkpoint: a resumed search repeats
/// it.
void refine_front(SearchState& s);
/// Turns the archive into a front: fits constants with care, validates the formulas, and marks one as chosen.
Front summarise(SearchState& s);

// Shared by the steps.

/// The limit that ends the search; nothing while there is none.
std::optional<Ended> limit_reached(const SearchState& s);
/// Fits trees, an equal share of them on every island, and admits the good ones.
void fit_trees(const std::vector<Tree>& trees, SearchState& s);
/// Adds up the counts of the islands.
void count_evaluations(SearchState& s);
/// Calls Options::watch, if the last call was long enough ago or `always`.
void report_status(SearchState& s, bool always);

}  // namespace energylens::search
