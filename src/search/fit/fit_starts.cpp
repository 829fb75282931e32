// SPDX-License-Identifier: Apache-2.0
// fit_starts.cpp: where descents of the inner constants begin. A formula with several exponents has several
// minima, and a descent ends in the nearest one. Three steps find a good start:
// 1. Scan: one constant after another takes a few values. Each trial solves for the coefficients, and the
//    numbers in brackets are rescaled so that the terms of a bracket stay of similar size.
// 2. Race: the best trials that are far apart descend a few steps; the better ones descend a few more.
// 3. The winner is descended to the end by the caller.
// With many rows, scan and race use a sample of the rows (see start_from_sample() in fit.cpp).
// bench/search_bench.cpp measures how often the result is as good as that of 25 full descents.
#include <algorithm>
#include <cmath>

#include "search/fit/fit_steps.hpp"

namespace energylens::search {
namespace {

constexpr double kExponents[] = {-3, -1, 0.5, 2};
constexpr double kFactors[] = {0.03, 30, -1};  // -1 only where numbers may be negative
constexpr int kFirstSteps = 2, kFinalists = 2, kFinalSteps = 6;

/// ln of the geometric mean of the absolute values at about a dozen points.
double log_size(const std::vector<double>& values) {
  const std::size_t stride = std::max<std::size_t>(1, values.size() / 12);
  double sum = 0;
  std::size_t n = 0;
  for (std::size_t i = 0; i < values.size(); i += stride, ++n)
    sum += std::log(std::max(std::fabs(values[i]), std::numeric_limits<double>::min()));
  return sum / static_cast<double>(n);
}

/// Solves for the coefficients that minimise relative or absolute errors. Those of log_error start there and
/// are refined later.
void solve_state(Tree& tree, bool with_slopes, FitState& state, FitWorkspace& w) {
  set_inner(state.inner, w);
  evaluate_columns(tree, with_slopes && !state.inner.empty(), state, w);
  solve_coefficients(w.dataset.target.data(), w.dataset.scale.data(), state, w);
  find_loss(state, w);
}

/// Scales the fitted numbers in brackets and functions so that their terms are as large as the first one.
void balance(Sum& sum, bool whole_terms, FitWorkspace& w) {
  constexpr double kMostLog = 100;
  double first = 0;
  bool fixed = false;
  for (Term& term : sum) {
    for (Factor& f : term.factors) {
      balance(f.argument, false, w);
      balance(f.second, false, w);
    }
    if (whole_terms || (sum.size() == 1 && !term.free)) continue;
    w.evaluator.term(term, w.at_points.data(), nullptr);
    const double size = log_size(w.at_points);
    if (!term.free && !fixed) {
      first = size + std::log(std::fabs(term.coefficient));
      fixed = true;
    } else if (term.free) {
      term.coefficient =
          std::copysign(std::exp(std::clamp(first - size, -kMostLog, kMostLog)), term.coefficient);
    }
  }
}

/// Computes the loss of the constants in w.next, and swaps w.next with w.best if it is better.
void try_start(Tree& tree, bool balanced, FitWorkspace& w) {
  keep_within_bounds(w.next.inner, w);
  if (balanced) {
    set_inner(w.next.inner, w);
    for (Sum& part : tree.parts) balance(part, true, w);
    w.next.inner = inner_of_tree(w);
  }
  solve_state(tree, false, w.next, w);
  w.tried.push_back({w.next.loss, w.next.inner});
  if (w.next.loss < w.best.loss) std::swap(w.best, w.next);
}

/// Tries a few values of one constant after another, exponents first, starting from the best so far.
void scan(Tree& tree, FitWorkspace& w) {
  w.next.inner = w.best.inner;
  try_start(tree, true, w);
  for (const bool exponents : {true, false}) {
    for (std::size_t j = 0; j < w.inner.size(); ++j) {
      if (w.inner[j].exponent != exponents) continue;
      const std::vector<double> from = w.best.inner;
      for (const double value :
           exponents ? std::span<const double>(kExponents) : std::span<const double>(kFactors)) {
        if (!exponents && value < 0 && w.settings.positive_inner) continue;
        w.next.inner = from;
        w.next.inner[j] = exponents ? value : from[j] * value;
        try_start(tree, exponents, w);
      }
    }
  }
}

/// Whether the constants differ from those of each descent already started by a large step in at least one
/// constant.
bool far_from_all(const std::vector<double>& inner, std::size_t started, const FitWorkspace& w) {
  constexpr double kFarExponent = 0.7, kFarLog = 4;
  const auto far = [&](std::size_t j, double a, double b) {
    if (w.inner[j].exponent) return std::fabs(a - b) > kFarExponent;
    return a * b < 0 || std::fabs(std::log(std::fabs(a / b))) > kFarLog;
  };
  for (std::size_t s = 0; s < started; ++s) {
    bool any = false;
    for (std::size_t j = 0; j < inner.size(); ++j) any = any || far(j, inner[j], w.tried[s].inner[j]);
    if (!any) return false;
  }
  return true;
}

/// Descends from the best starts that are far apart, and leaves the winner in w.best.
void race(Tree& tree, FitWorkspace& w) {
  std::stable_sort(w.tried.begin(), w.tried.end(),
                   [](const FitStart& a, const FitStart& b) { return a.loss < b.loss; });
  std::size_t started = 0;
  for (std::size_t t = 0; t < w.tried.size() && started < static_cast<std::size_t>(w.settings.starts); ++t) {
    if (!std::isfinite(w.tried[t].loss)) break;
    if (!far_from_all(w.tried[t].inner, started, w)) continue;
    std::swap(w.tried[started], w.tried[t]);  // the first `started` elements are those that descend
    w.best.inner = w.tried[started].inner;
    solve_state(tree, true, w.best, w);
    if (w.dataset.loss == Loss::log_error) refine_coefficients(1, w.best, w);
    descend(tree, kFirstSteps, w);
    if (w.runners.size() <= started) w.runners.emplace_back();
    std::swap(w.runners[started++], w.best);
  }
  std::vector<std::size_t> order(started);
  for (std::size_t i = 0; i < started; ++i) order[i] = i;
  const auto better = [&](std::size_t a, std::size_t b) { return w.runners[a].loss < w.runners[b].loss; };
  std::stable_sort(order.begin(), order.end(), better);
  const std::size_t finalists = std::min<std::size_t>(order.size(), kFinalists);
  for (std::size_t i = 0; i < finalists; ++i) {
    std::swap(w.best, w.runners[order[i]]);
    descend(tree, kFinalSteps, w);
    std::swap(w.best, w.runners[order[i]]);
  }
  if (started > 0) std::swap(w.best, w.runners[*std::min_element(order.begin(), order.end(), better)]);
}

}  // namespace

void find_start(Tree& tree, const std::vector<double>* sampled, FitWorkspace& w) {
  w.best.inner = inner_of_tree(w);
  keep_within_bounds(w.best.inner, w);
  solve_state(tree, w.settings.starts == 1 || w.inner.empty(), w.best, w);
  w.redundant = w.dependent_blocks == w.blocks.size();
  if (w.settings.starts > 1 && !w.inner.empty()) {
    if (!sampled) {
      w.tried.assign(1, {w.best.loss, w.best.inner});
      scan(tree, w);
      return race(tree, w);
    }
    w.next.inner = *sampled;
    try_start(tree, false, w);
    solve_state(tree, true, w.best, w);
  }
  if (w.dataset.loss == Loss::log_error) refine_coefficients(10, w.best, w);
}

}  // namespace energylens::search
