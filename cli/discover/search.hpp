// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/search/search.hpp"

namespace energylens::cli {

/// Makes sure that the folder, if one is asked for, can be written to before a long search, and leaves no
/// empty one after a refusal.
search::Front search_into(const std::string& folder, const search::Problem& problem,
                          const search::Options& options);

/// Removes the model file of an earlier search from the folder, which would stand beside a front that is not
/// its own.
void forget_model(const std::string& folder);

/// What the rows tell of constants, and what holds of formulas between and beyond them.
void judge_constants(search::Front& front, const search::Problem& problem, const search::Options& search);

}  // namespace energylens::cli
