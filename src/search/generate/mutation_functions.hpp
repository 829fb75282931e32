// SPDX-License-Identifier: Apache-2.0
// The functions of the table in mutation.cpp. Each changes the tree of its site at the place of the site.
// Each returns false if it does not apply there; the tree may then be half changed, and the caller discards
// it. Where a change alters the dims of a term, a product of inputs makes up for them.
#pragma once
#include "search/generate/mutation_site.hpp"

namespace energylens::search {

// Terms (term_mutations.cpp).

bool add_term(MutationSite& site);
bool remove_term(MutationSite& site);
bool replace_term(MutationSite& site);
/// Replaces a term by one of the other tree.
bool crossover_replace(MutationSite& site);
/// Adds a term of the other tree.
bool crossover_add(MutationSite& site);
/// Changes the coefficient of a term in a bracket or function; of a whole part, where coefficients are
/// fitted, changes the inner constants that a fit starts from.
bool change_coefficient(MutationSite& site);

// Factors (factor_mutations.cpp).

/// Multiplies a term by a product of inputs that has no dims. Of a whole term it may have dims that turn the
/// unit of its coefficient into another allowed one.
bool multiply_by_inputs(MutationSite& site);
/// Multiplies a term by a bracket or function.
bool multiply_by_factor(MutationSite& site);
bool remove_factor(MutationSite& site);
/// x^e becomes (x + t)^e with a new term t.
bool widen_input(MutationSite& site);
/// Replaces an input by another one of the same dims.
bool swap_input(MutationSite& site);
/// Makes a given exponent a fitted one or the reverse; sometimes all exponents of a whole part, so that one
/// fit shows which of them matter.
bool free_exponent(MutationSite& site);
/// Replaces a function by another one with as many arguments.
bool change_function(MutationSite& site);
/// Draws a new exponent for a bracket, function or input.
bool change_exponent(MutationSite& site);

}  // namespace energylens::search
