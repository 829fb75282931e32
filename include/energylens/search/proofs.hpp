// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// Fills the claims of every formula: it is > 0 (unless the loss is absolute), and does not fall in each
/// input of Options::rising, the others held, and is concave in each of Options::concave. A claim is about
/// all real values of inputs in the box of a group, from the least to the greatest at its points, in every
/// group. Inputs that are tied follow the others, and are no claim of their own. Constants are as fitted, or
/// anywhere within two standard errors (of their logarithm, if they must be > 0; any that is not negative, if
/// the rows do not tell one). Requires: the problem and options of the search; identify() went before, or
/// nothing is claimed within errors.
void prove(Front& front, const Problem& problem, const Options& options);

}  // namespace energylens::search
