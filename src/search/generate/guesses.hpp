// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "search/fit/candidate_evaluator.hpp"
#include "search/problem/form.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// The tree of one of Options::guesses. Throws Error (bad input) for text that is not a formula, for a part
/// that the form does not have, and for inconsistent units.
Tree guess_tree(const std::string& guess, const Form& form, const PrimitiveSet& primitives);

/// One line for each guess that cannot be fitted: its number, and why.
std::vector<std::string> unfitted_guesses(const SearchContext& context, const Form& form);

}  // namespace energylens::search
