// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/search/front.hpp"
#include "search/fit/context.hpp"

namespace energylens::search {

/// A remark that lists the units of the inputs, if no product of them has the unit of the target and no
/// formula uses an input. Requires: formulas of a search (Formula::member).
std::vector<std::string> units_without_inputs(const std::vector<Formula>& formulas,
                                              const SearchContext& context, const Problem& problem);

}  // namespace energylens::search
