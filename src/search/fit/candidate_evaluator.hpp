// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "search/fit/archive.hpp"
#include "search/fit/context.hpp"
#include "search/fit/visited_set.hpp"

namespace energylens::search {

/// Whether the fitted numbers of a tree are ones that a formula may have: numbers in brackets and functions
/// are > 0 if the primitives have no difference, and exponents are not so large that the rows cannot have
/// determined them.
bool keeps_bounds(const Tree& tree, const PrimitiveSet& primitives);

/// Whether the fitted formula decreases in no input of Options::rising: its value at every row is at least as
/// large where that input is slightly larger.
bool keeps_monotonicity(Member& member, const SearchContext& context);

/// Turns a candidate tree into a member of a population: brings it to canonical form, rejects it if it is too
/// complex, was visited before or breaks a constraint, and fits its constants. One per island or thread.
class CandidateEvaluator {
 public:
  explicit CandidateEvaluator(const SearchContext& context)
      : context_(context), workspace_(context.dataset) {}

  /// Returns the fitted formula, or nothing if the candidate is rejected. Terms whose positive coefficient
  /// came out as 0 are removed. `visited` may be null.
  std::optional<Member> evaluate(Tree tree, VisitedSet* visited);
  std::uint64_t evaluations() const { return evaluations_; }  ///< formulas fitted
  std::uint64_t duplicates() const { return duplicates_; }    ///< candidates that had been visited
  void set_counts(std::uint64_t evaluations, std::uint64_t duplicates) {
    evaluations_ = evaluations;
    duplicates_ = duplicates;
  }

 private:
  const SearchContext& context_;
  FitWorkspace workspace_;
  std::uint64_t evaluations_ = 0, duplicates_ = 0;
};

}  // namespace energylens::search
