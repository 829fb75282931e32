// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include "energylens/search/front.hpp"
#include "energylens/search/options.hpp"

namespace energylens::search {

/// Decides the properties of every formula: it is > 0 (unless the loss is absolute), does not decrease in
/// each input of Options::rising with the others held, and is concave in each of Options::concave. A
/// property must hold for all real values of the inputs in the box of a group (from the least to the
/// greatest value at its points), in every group. Tied inputs change with the inputs they depend on and have
/// no separate property. Each property is decided twice: for the fitted constants, and for all constants
/// within two standard errors (of their logarithm if they must be > 0; any that is not negative if the rows
/// do not determine one). Requires: the problem and options of the search. Within errors nothing is decided
/// unless identify() was called first.
void prove(Front& front, const Problem& problem, const Options& options);

}  // namespace energylens::search
