// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include "energylens/registry/kinds.hpp"
#include "eval/plan.hpp"

namespace energylens::eval {

/// How a predictor did on one part of a fold.
struct PartOutcome {
  std::size_t group = 0;
  Outcomes outcomes;
};

/// Empty for a fold that was not begun.
struct FoldOutcome {
  std::string failure;  ///< message of the Error that the fit or a prediction threw; blank if none
  double effective_parameters = kUnknown;
  std::vector<PartOutcome> parts;
};

/// Fits a predictor to the training rows of a fold and tests it on the held-out rows, whose results it cannot
/// see. After an Error every held-out row counts as unpredicted and there are no picks.
FoldOutcome evaluate_fold(std::span<const table::Group> groups, const Fold& fold, const registry::Kind& kind,
                          const predictor::FitOptions& options);

}  // namespace energylens::eval
