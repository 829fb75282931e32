// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "search/fit/candidate_evaluator.hpp"
#include "search/problem/form.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// The tree of a formula of Options::guesses. Throws Error (bad input) for text that is no formula, a part
/// that the form does not have and units that do not fit.
Tree guess_tree(const std::string& guess, const Form& form, const PrimitiveSet& primitives);

/// For people: the guesses of the options that cannot be fitted, by number, and why.
std::vector<std::string> unfitted_guesses(const SearchContext& context, const Form& form);

}  // namespace energylens::search
