// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "energylens/search/front.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// "batch_rel", the name of batch over its reference.
std::string relative_name(std::string_view input);

/// Adds x/x_ref beside every input with a unit that is above 0 at all points: a base without unit, which may
/// have any exponent. x_ref is the geometric mean over the points, to three digits, so that it can be read
/// and never moves.
void add_relatives(Problem& problem);

/// Writes x/x_ref out wherever a formula of the front names it.
void write_out_relatives(const Problem& problem, Front& front);

}  // namespace energylens::search
