// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "energylens/search/front.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// The name of a normalised input: "batch_rel" for "batch".
std::string normalised_name(std::string_view input);

/// Adds x/x_ref for every input x with a unit that is > 0 at all points. The ratio has no unit, so it may
/// have any exponent. x_ref is the geometric mean over the points, rounded to three digits so that it is
/// readable and stable.
void add_normalised_inputs(Problem& problem);

/// Replaces the names of normalised inputs in the formulas of a front by x/x_ref.
void expand_normalised_inputs(const Problem& problem, Front& front);

}  // namespace energylens::search
