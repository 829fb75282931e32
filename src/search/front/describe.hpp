// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/search/front.hpp"
#include "search/fit/archive.hpp"
#include "search/fit/candidate_evaluator.hpp"

namespace energylens::search {

/// The formulas of an archive for people: constants fitted with care, numbers that may be simple made simple,
/// description lengths, and one chosen.
std::vector<Formula> describe(const Archive& archive, const SearchContext& context, const Problem& problem,
                              const Form& form, const RunOptions& run);

/// Marks the one of least description length among those that are not saturated and carry over to rows left
/// out: their error there is at most twice their own, or twice the least that any has there. A shorter one
/// that does not has followed its rows by luck. The simplest is marked where all are saturated.
void choose_shortest(std::vector<Formula>& formulas);

/// One member as it stands.
Formula formula_of(const Member& member, const SearchContext& context, const Form& form);

}  // namespace energylens::search
