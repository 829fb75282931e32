// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "energylens/search/front.hpp"
#include "recovery/known.hpp"

namespace energylens::recovery {

/// Terms of a law that stand in a formula too.
struct TermMatch {
  std::size_t terms = 0;          ///< of the law
  std::size_t found = 0;          ///< terms of the formula
  bool needed_are_found = false;  ///< every term whose removal from the law costs more than 10 in BIC
};

/// A term is found if a term of the formula is in proportion to it: over the rows, the logarithm of their
/// ratio spreads by less than 0.15 and is within ln 2 of 0 in the mean.
TermMatch match_terms(const Known& law, const search::Formula& formula, const search::Problem& training);

}  // namespace energylens::recovery
