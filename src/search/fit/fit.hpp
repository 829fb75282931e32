// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <vector>

#include "search/fit/fit_workspace.hpp"

namespace energylens::search {

/// The constants of a tree. The numbers inside the tree itself are those of group 0.
struct Fitted {
  double loss = std::numeric_limits<double>::infinity();
  std::vector<double> coefficients;  ///< of all terms: one set, or one set per group in turn
  std::vector<double> inner;         ///< the same for the inner constants
  bool redundant = false;  ///< in every group a term depends on the others: a shorter formula exists
};

/// Fits the constants of a tree. Starts at the numbers in the tree and leaves the best ones in it.
/// Deterministic.
///
///     FitWorkspace workspace(dataset);
///     const Fitted fitted = fit_constants(tree, settings, workspace);
Fitted fit_constants(Tree& tree, const FitSettings& settings, FitWorkspace& workspace);

/// Values of the fitted tree at all rows of a dataset with the same inputs and groups. Leaves the inner
/// constants of group 0 in the tree.
std::vector<double> predict_rows(Tree& tree, const Fitted& fitted, const Dataset& dataset);

}  // namespace energylens::search
