// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/fit/archive.hpp"
#include "search/fit/candidate_evaluator.hpp"

namespace energylens::search {

/// Errors of a formula at rows that were left out when its constants were fitted.
struct Validation {
  double loss = kUnknown;  ///< as Options::loss
  double mape = kUnknown;  ///< mean of |f / y - 1|
};

/// Fits the constants of each member again without the rows of each fold, and evaluates it at those rows;
/// structures stay as they are. Unknown if a row that was left out gets no finite value, and for all members
/// if the problem has no folds.
std::vector<Validation> cross_validate(const std::vector<const Member*>& members,
                                       const SearchContext& context, const Problem& problem, const Form& form,
                                       const RunOptions& run);

}  // namespace energylens::search
