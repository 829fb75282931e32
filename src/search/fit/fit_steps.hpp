// SPDX-License-Identifier: Apache-2.0
// The steps of fit_constants(), in the order in which it takes them.
#pragma once
#include <vector>

#include "search/fit/fit_workspace.hpp"

namespace energylens::search {

// fit_loss.cpp: what follows from given constants.

/// Finds the inner constants of the tree and counts its terms.
void find_constants(Tree& tree, FitWorkspace& w);
void set_inner(const std::vector<double>& values, FitWorkspace& w);
std::vector<double> inner_of_tree(const FitWorkspace& w);
void keep_within_bounds(std::vector<double>& inner, const FitWorkspace& w);
/// Computes the columns of all terms, and on request their slopes.
void evaluate_columns(const Tree& tree, bool with_slopes, FitState& at, FitWorkspace& w);
/// Least squares of (f - wanted) * scale in the coefficients of each block.
void solve_coefficients(const double* wanted, const double* scale, FitState& at, FitWorkspace& w);
/// For the error of ln f: repeats the least squares of its linear part around the model while that helps.
/// A coefficient that was 0 can thus become positive again.
void refine_coefficients(int rounds, FitState& at, FitWorkspace& w);
/// Computes the loss, the errors of the rows, and the derivatives of the errors by the model.
void find_loss(FitState& at, FitWorkspace& w);

// fit_step.cpp

/// One damped step from `at`, whose columns and errors are computed, to the constants of `next`. Returns
/// false if the equations have no finite solution.
bool take_step(const FitState& at, double damping, FitState& next, FitWorkspace& w);

// fit.cpp

/// Descends from w.best, whose columns, slopes and errors are computed.
void descend(Tree& tree, int steps, FitWorkspace& w);

// fit_starts.cpp

/// Leaves in w.best the constants to descend from, with their columns, slopes and errors. `sampled`: the
/// start that was found on a sample of the rows, or null.
void find_start(Tree& tree, const std::vector<double>* sampled, FitWorkspace& w);

}  // namespace energylens::search
