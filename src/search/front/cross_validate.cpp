// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/front/cross_validate_test.cpp: the folds are those of the problem, and a row that
// is left out does not influence the fit.
#include "search/front/cross_validate.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

constexpr int kSteps = 40;

/// Fits the member without one fold. Returns its values at all rows of the whole dataset.
std::vector<double> fitted_without(const Member& member, const Dataset& others,
                                   const SearchContext& context) {
  FitSettings settings = context.fit;
  settings.steps = kSteps;
  settings.starts = 1;
  Tree tree = member.tree;
  FitWorkspace workspace(others);
  const Fitted fitted = fit_constants(tree, settings, workspace);
  if (!std::isfinite(fitted.loss)) return std::vector<double>(context.dataset.rows, kUnknown);
  return predict_rows(tree, fitted, context.dataset);
}

double squared_error(const Dataset& dataset, std::size_t row, double value) {
  if (dataset.loss != Loss::log_error) {
    const double error = (value - dataset.target[row]) * dataset.scale[row];
    return error * error;
  }
  if (!(value > 0)) return kUnknown;
  const double error = std::log(value / dataset.target[row]);
  return error * error;
}

Validation validated(const Dataset& dataset, const std::vector<double>& left_out) {
  Validation out{0, 0};
  for (std::size_t i = 0; i < dataset.rows; ++i) {
    const double squared = squared_error(dataset, i, left_out[i]);
    if (!std::isfinite(squared)) return {};
    out.loss += dataset.weight[i] * squared;
    out.mape += std::fabs(left_out[i] / dataset.target[i] - 1) / static_cast<double>(dataset.rows);
  }
  return out;
}

}  // namespace

std::vector<Validation> cross_validate(const std::vector<const Member*>& members,
                                       const SearchContext& context, const Problem& problem, const Form& form,
                                       const RunOptions& run) {
  std::vector<Validation> out(members.size());
  if (problem.folds.empty()) return out;
  const std::size_t folds = *std::max_element(problem.folds.begin(), problem.folds.end()) + 1;
  const Dataset& dataset = context.dataset;
  std::vector<std::vector<double>> left_out(members.size(), std::vector<double>(dataset.rows, kUnknown));
  parallel_for(folds * members.size(), run, [&](std::size_t task) {
    const std::size_t fold = task / members.size(), m = task % members.size();
    std::vector<bool> keep;
    for (const std::size_t f : problem.folds) keep.push_back(f != fold);
    if (std::find(keep.begin(), keep.end(), false) == keep.end()) return;
    const Dataset others(subset(problem, keep), form, dataset.loss);
    const std::vector<double> values = fitted_without(*members[m], others, context);
    for (std::size_t i = 0; i < dataset.rows; ++i) {
      if (problem.folds[dataset.original_row[i]] == fold) left_out[m][i] = values[i];
    }
  });
  for (std::size_t m = 0; m < members.size(); ++m) out[m] = validated(dataset, left_out[m]);
  return out;
}

}  // namespace energylens::search
