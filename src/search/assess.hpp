// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// Fills in what is known of the formulas of a front, each step after those it needs: effective parameters
/// and standard errors of all formulas (identify), the properties of all formulas (prove), and the 95 %
/// profile intervals of the chosen formula (profile). Call pick() first if another formula than the one of
/// least description length is to be chosen. Requires: the problem and options of the search.
///
///     search::Front front = search::search(problem, options);
///     search::pick(front, search::Pick::cross_validation);
///     search::assess(front, problem, options);
void assess(Front& front, const Problem& problem, const Options& options);

}  // namespace energylens::search
