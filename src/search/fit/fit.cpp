// SPDX-License-Identifier: Apache-2.0
// fit.cpp: the constants of one formula. The coefficients of terms follow from the inner constants by least
// squares (fit_loss.cpp). Inner constants move by Levenberg-Marquardt with exact derivatives (fit_step.cpp)
// from a few starting points (fit_starts.cpp). If the loss is quadratic in the coefficients, they are solved
// again after each step; for log_error they move along with the inner constants. Positive coefficients start
// from non-negative least squares and move by their logarithms. Tested by tests/search/fit/fit_test.cpp
// against known constants, many random starts, and numerics::minimise.
#include "search/fit/fit.hpp"

#include <algorithm>
#include <cmath>

#include "search/fit/fit_steps.hpp"

namespace energylens::search {
namespace {

constexpr double kExact = 1e-28;  // a loss that rounding alone leaves

/// Groups [first, last).
struct GroupRange {
  std::size_t first, last;
};

void set_blocks(const GroupRange& groups, bool own, FitWorkspace& w) {
  const std::vector<std::size_t>& begin = w.dataset.group_begin;
  w.blocks.clear();
  if (!own) {
    w.blocks.push_back({begin[groups.first], begin[groups.last]});
    return;
  }
  for (std::size_t g = groups.first; g < groups.last; ++g) w.blocks.push_back({begin[g], begin[g + 1]});
}

/// Looks for a start on a sample of the rows. Returns the inner constants that a fit there ends with; the
/// tree keeps those that it has.
std::vector<double> start_from_sample(Tree& tree, const GroupRange& groups, bool own, FitWorkspace& w);

/// Fits the constants of these groups. Each has its `own` coefficients, or all have the same; inner constants
/// are the same in all.
Fitted fit_groups(Tree& tree, const GroupRange& groups, bool own, FitWorkspace& w) {
  set_blocks(groups, own, w);
  if (w.sampled && w.settings.starts > 1 && !w.inner.empty()) {
    const std::vector<double> start = start_from_sample(tree, groups, own, w);
    find_start(tree, &start, w);
  } else {
    find_start(tree, nullptr, w);
  }
  descend(tree, w.settings.steps, w);
  set_inner(w.best.inner, w);
  w.redundant = w.redundant && w.dependent_blocks == w.blocks.size();
  return {w.best.loss, w.best.coefficients, w.best.inner, w.redundant};
}

std::vector<double> start_from_sample(Tree& tree, const GroupRange& groups, bool own, FitWorkspace& w) {
  w.sampled->settings = w.settings;
  find_constants(tree, *w.sampled);
  const std::vector<double> given = inner_of_tree(w);
  fit_groups(tree, groups, own, *w.sampled);
  std::vector<double> found = inner_of_tree(w);
  set_inner(given, w);
  return found;
}

}  // namespace

FitWorkspace::FitWorkspace(const Dataset& data) : dataset(data), evaluator(data, scratch) {
  for (const double weight : data.weight) root_weight.push_back(std::sqrt(weight));
  constexpr std::size_t kEnoughRows = 64;  // to distinguish good starts from bad ones
  if (data.rows < 2 * kEnoughRows) return;
  sample = std::make_unique<Dataset>(thinned(data, kEnoughRows));
  if (2 * sample->rows > data.rows) return;
  sampled = std::make_unique<FitWorkspace>(*sample);
}

void descend(Tree& tree, int steps, FitWorkspace& w) {
  const bool quadratic = w.dataset.loss != Loss::log_error;
  if (!std::isfinite(w.best.loss) || (quadratic && w.best.inner.empty())) return;
  double damping = 1e-3;
  for (int i = 0; i < steps && w.best.loss > kExact; ++i) {
    if (!take_step(w.best, damping, w.next, w)) return;
    set_inner(w.next.inner, w);
    evaluate_columns(tree, !w.next.inner.empty(), w.next, w);
    if (quadratic) solve_coefficients(w.dataset.target.data(), w.dataset.scale.data(), w.next, w);
    find_loss(w.next, w);
    if (!quadratic) refine_coefficients(1, w.next, w);
    if (w.next.loss < w.best.loss) {
      const bool done = w.best.loss - w.next.loss < w.settings.tolerance * w.best.loss;
      std::swap(w.best, w.next);
      if (done) return;
      damping = std::max(damping * 0.2, 1e-12);
    } else {
      damping *= 10;
      if (damping > 1e6) return;
    }
  }
}

Fitted fit_constants(Tree& tree, const FitSettings& settings, FitWorkspace& w) {
  w.settings = settings;
  find_constants(tree, w);
  const std::size_t groups = w.dataset.groups;
  const bool own = settings.coefficients == Scope::per_group;
  if (settings.inner == Scope::shared || w.inner.empty() || groups == 1)
    return fit_groups(tree, {0, groups}, own, w);
  Fitted all{0, {}, {}, true};
  const std::vector<double> start = inner_of_tree(w);
  for (std::size_t g = groups; g-- > 0;) {  // group 0 last: its numbers stay in the tree
    set_inner(start, w);
    const Fitted one = fit_groups(tree, {g, g + 1}, true, w);
    all.loss += one.loss;
    all.redundant = all.redundant && one.redundant;
    all.coefficients.insert(all.coefficients.begin(), one.coefficients.begin(), one.coefficients.end());
    all.inner.insert(all.inner.begin(), one.inner.begin(), one.inner.end());
  }
  return all;
}

std::vector<double> predict_rows(Tree& tree, const Fitted& fitted, const Dataset& dataset) {
  Scratch scratch;
  TermEvaluator evaluator(dataset, scratch);
  const std::vector<InnerConstant> inner = inner_constants(tree);
  const std::size_t terms = count_terms(tree);
  std::vector<double> out(dataset.rows, 0.0), points(dataset.points), column(dataset.rows);
  const bool own_inner = !inner.empty() && fitted.inner.size() > inner.size();
  const bool own = fitted.coefficients.size() > terms;
  const auto set = [&](std::size_t first) {
    for (std::size_t j = 0; j < inner.size(); ++j) *inner[j].value = fitted.inner[first + j];
  };
  if (!dataset.given.empty()) out = dataset.given;
  for (std::size_t s = 0; s < (own_inner ? dataset.groups : 1); ++s) {
    const GroupRange groups = own_inner ? GroupRange{s, s + 1} : GroupRange{0, dataset.groups};
    set(s * inner.size());
    std::size_t k = 0;
    for (std::size_t p = 0; p < tree.parts.size(); ++p) {
      for (const Term& term : tree.parts[p]) {
        evaluator.term(term, points.data(), nullptr);
        for (std::size_t i = 0; i < dataset.multipliers[p].size(); ++i)
          points[i] *= dataset.multipliers[p][i];
        dataset.add_up(points.data(), column.data());
        for (std::size_t g = groups.first; g < groups.last; ++g) {
          const double c = fitted.coefficients[(own ? g * terms : 0) + k];
          for (std::size_t i = dataset.group_begin[g]; i < dataset.group_begin[g + 1]; ++i)
            out[i] += c * column[i];
        }
        ++k;
      }
    }
  }
  if (own_inner) set(0);
  return out;
}

}  // namespace energylens::search
