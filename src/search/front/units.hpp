// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "energylens/search/front.hpp"
#include "search/fit/context.hpp"

namespace energylens::search {

/// For people: which units the inputs have, where no product of them has the unit of the target and none
/// occurs in a formula. Requires: formulas of a search (Formula::member).
std::vector<std::string> units_without_inputs(const std::vector<Formula>& formulas,
                                              const SearchContext& context, const Problem& problem);

}  // namespace energylens::search
