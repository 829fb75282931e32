// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "energylens/core/rng.hpp"
#include "search/fit/candidate_evaluator.hpp"

namespace energylens::search {

/// One population: the best few formulas of each complexity. It evolves alone between migrations; what it
/// does follows from its random stream and from the members it was given.
class Island {
 public:
  Island(const SearchContext& context, std::uint64_t seed);

  /// Adds a member if it is among the best of its complexity.
  void admit(const Member& member);
  /// Makes and fits offspring until about `evaluations` more formulas were fitted. Ends early if `stop`
  /// returns true.
  void run(std::uint64_t evaluations, const std::function<bool()>& stop);
  /// Begins a cycle: clears the visited set, and clears the population if it has not improved for several
  /// cycles.
  void begin_cycle();

  Archive& migrants() { return migrants_; }  ///< the best formulas found since the last migration
  CandidateEvaluator& evaluator() { return evaluator_; }

  /// Everything that the future of the island follows from, between two generations. For checkpoints.
  struct State {
    std::uint64_t random = 0;
    int idle_cycles = 0;
    bool improved = false;
    std::vector<Member> members;         ///< by complexity, and by loss
    std::vector<std::uint64_t> visited;  ///< hashes of the formulas of this cycle
  };
  State state() const;
  /// Requires: the complexity of every member is at most the greatest one.
  void restore(const State& state);

 private:
  const Member* choose_parent(Rng& rng) const;
  Tree with_best_term(const Member& member, Rng& rng) const;
  Tree offspring(Rng& rng) const;

  const SearchContext& context_;
  std::uint64_t random_;  // state of the random stream between runs
  CandidateEvaluator evaluator_;
  VisitedSet visited_;
  Archive migrants_;
  std::vector<std::vector<Member>> buckets_;  // by complexity, each sorted by loss
  int idle_cycles_ = 0;                       // cycles since the last improvement
  bool improved_ = false;
};

}  // namespace energylens::search
