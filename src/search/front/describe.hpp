// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/search/front.hpp"
#include "search/fit/archive.hpp"
#include "search/fit/candidate_evaluator.hpp"

namespace energylens::search {

/// Turns an archive into the formulas of a front: fits their constants with care, replaces numbers by simple
/// ones where that is justified, computes description lengths, and marks one formula as chosen.
std::vector<Formula> describe(const Archive& archive, const SearchContext& context, const Problem& problem,
                              const Form& form, const RunOptions& run);

/// Marks the formula of least description length among those that are not saturated and hold at rows left
/// out: the error there is at most twice its own error, or twice the least error of any formula there. A
/// shorter formula that does not hold there fits its rows by chance. If all are saturated, the simplest is
/// marked.
void choose_shortest(std::vector<Formula>& formulas);

/// The formula of one member, unchanged.
Formula formula_of(const Member& member, const SearchContext& context, const Form& form);

}  // namespace energylens::search
