// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "search/fit/dataset.hpp"
#include "search/fit/fit_settings.hpp"
#include "search/fit/small_linear.hpp"
#include "search/fit/term_evaluator.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// Rows [begin, end), which share one set of coefficients.
struct FitBlock {
  std::size_t begin, end;
};

/// Constants, and everything that follows from them, by row.
struct FitState {
  std::vector<double> inner, coefficients;
  double loss = std::numeric_limits<double>::infinity();
  std::vector<std::vector<double>> values;  ///< of each term without its coefficient
  std::vector<std::vector<double>> slopes;  ///< derivative of its term by each inner constant
  std::vector<double> model, error;
  std::vector<double> slope;  ///< derivative of the error by the model
};

/// Inner constants that a descent may start from, and their loss.
struct FitStart {
  double loss;
  std::vector<double> inner;
};

/// The data and buffers of a fit: fit_constants() uses one workspace for many trees without allocating again.
/// One per thread.
struct FitWorkspace {
  explicit FitWorkspace(const Dataset& data);
  FitWorkspace(const FitWorkspace&) = delete;
  FitWorkspace& operator=(const FitWorkspace&) = delete;

  // The data.
  const Dataset& dataset;
  std::vector<double> root_weight;        ///< by row, square root of the weight
  std::unique_ptr<Dataset> sample;        ///< a sample of the rows, if there are many
  std::unique_ptr<FitWorkspace> sampled;  ///< workspace of the sample, in which starts are sought

  // The tree that is fitted.
  FitSettings settings;
  std::vector<FitBlock> blocks;
  std::size_t terms = 0;
  std::vector<InnerConstant> inner;     ///< pointers into the tree
  std::vector<std::size_t> inner_term;  ///< by inner constant, the index of its term

  // The descent.
  FitState best, next;
  std::size_t dependent_blocks = 0;  ///< blocks in which a term depends on the others
  bool redundant = false;

  // The search for starts.
  std::vector<FitStart> tried;
  std::vector<FitState> runners;  ///< descents that compete

  // Buffers.
  Scratch scratch;
  TermEvaluator evaluator;
  SmallSystem system;
  std::vector<double> at_points, jacobian, residual, row, wanted, kept;
  std::vector<double> normal, right, shared, shared_right, solution, eliminated, change;
};

}  // namespace energylens::search
