// SPDX-License-Identifier: Apache-2.0
// fit_starts.cpp: where descents of the inner constants begin. A formula of some exponents has several
// minima, and a descent ends in the nearest. So constants are first moved one after another over a few
// values, judged with the coefficients solved for, numbers in brackets keeping terms of like size; then
// descents from the best of these that lie apart race: all make a few steps, the better ones some more, and
// the winner goes on. With many rows all of this is done on some of them (Fitter::fit_groups), and only the
// winner meets all rows. bench/search_bench.cpp measures how often the outcome is as good as that of 25 full
// descents.
#include <algorithm>
#include <cmath>

#include "search/fit/fit.hpp"

namespace energylens::search {
namespace {

constexpr double kExponents[] = {-3, -1, 0.5, 2};
constexpr double kFactors[] = {0.03, 30, -1};  // of numbers; the last only where they may be negative
constexpr int kFirstSteps = 2, kFinalists = 2, kFinalSteps = 6;

/// ln of the geometric mean of sizes, at a dozen of the points.
double log_size(const std::vector<double>& values) {
  const std::size_t stride = std::max<std::size_t>(1, values.size() / 12);
  double sum = 0;
  std::size_t n = 0;
  for (std::size_t i = 0; i < values.size(); i += stride, ++n)
    sum += std::log(std::max(std::fabs(values[i]), std::numeric_limits<double>::min()));
  return sum / static_cast<double>(n);
}

}  // namespace

/// Coefficients of relative or absolute errors; those of ln f begin there and are refined.
void Fitter::solve_state(Tree& tree, State& state, bool with_slopes) {
  set_inner(state.inner);
  evaluate(tree, state, with_slopes && !state.inner.empty());
  solve_coefficients(sheet_.target.data(), sheet_.scale.data(), state);
  find_loss(state);
}

/// Gives free numbers of brackets and functions the size that makes their terms as large as the first.
void Fitter::balance(Sum& sum, bool whole_terms) {
  constexpr double kMostLog = 100;
  double first = 0;
  bool fixed = false;
  for (Term& term : sum) {
    for (Factor& f : term.factors) {
      balance(f.argument, false);
      balance(f.second, false);
    }
    if (whole_terms || (sum.size() == 1 && !term.free)) continue;
    evaluator_.term(term, at_points_.data(), nullptr);
    const double size = log_size(at_points_);
    if (!term.free && !fixed) {
      first = size + std::log(std::fabs(term.coefficient));
      fixed = true;
    } else if (term.free) {
      term.coefficient =
          std::copysign(std::exp(std::clamp(first - size, -kMostLog, kMostLog)), term.coefficient);
    }
  }
}

/// Judges the constants of next_, which become those of best_ if they are better.
void Fitter::try_start(Tree& tree, bool balanced) {
  keep_within_bounds(next_.inner);
  if (balanced) {
    set_inner(next_.inner);
    for (Sum& part : tree.parts) balance(part, true);
    next_.inner = inner_of_tree();
  }
  solve_state(tree, next_, false);
  tried_.push_back({next_.loss, next_.inner});
  if (next_.loss < best_.loss) std::swap(best_, next_);
}

/// Moves one constant after another, exponents first, from the best so far.
void Fitter::scan(Tree& tree) {
  next_.inner = best_.inner;
  try_start(tree, true);
  for (const bool exponents : {true, false}) {
    for (std::size_t j = 0; j < inner_.size(); ++j) {
      if (inner_[j].exponent != exponents) continue;
      const std::vector<double> from = best_.inner;
      for (const double value :
           exponents ? std::span<const double>(kExponents) : std::span<const double>(kFactors)) {
        if (!exponents && value < 0 && settings_.positive_inner) continue;
        next_.inner = from;
        next_.inner[j] = exponents ? value : from[j] * value;
        try_start(tree, exponents);
      }
    }
  }
}

/// Whether some exponent or number is far from that of every start of the race so far.
bool Fitter::far_from_all(const std::vector<double>& inner, std::size_t started) const {
  constexpr double kFarExponent = 0.7, kFarLog = 4;
  const auto far = [&](std::size_t j, double a, double b) {
    if (inner_[j].exponent) return std::fabs(a - b) > kFarExponent;
    return a * b < 0 || std::fabs(std::log(std::fabs(a / b))) > kFarLog;
  };
  for (std::size_t s = 0; s < started; ++s) {
    bool any = false;
    for (std::size_t j = 0; j < inner.size(); ++j) any = any || far(j, inner[j], tried_[s].inner[j]);
    if (!any) return false;
  }
  return true;
}

/// Descents from the best starts that lie apart; best_ is the winner.
void Fitter::race(Tree& tree) {
  std::stable_sort(tried_.begin(), tried_.end(),
                   [](const Start& a, const Start& b) { return a.loss < b.loss; });
  std::size_t started = 0;
  for (std::size_t t = 0; t < tried_.size() && started < static_cast<std::size_t>(settings_.starts); ++t) {
    if (!std::isfinite(tried_[t].loss)) break;
    if (!far_from_all(tried_[t].inner, started)) continue;
    std::swap(tried_[started], tried_[t]);  // the front of tried_ holds those that started
    best_.inner = tried_[started].inner;
    solve_state(tree, best_, true);
    if (sheet_.loss == Loss::log_error) refine_coefficients(1, best_);
    descend(tree, kFirstSteps);
    if (field_.size() <= started) field_.emplace_back();
    std::swap(field_[started++], best_);
  }
  std::vector<std::size_t> order(started);
  for (std::size_t i = 0; i < started; ++i) order[i] = i;
  const auto better = [&](std::size_t a, std::size_t b) { return field_[a].loss < field_[b].loss; };
  std::stable_sort(order.begin(), order.end(), better);
  const std::size_t finalists = std::min<std::size_t>(order.size(), kFinalists);
  for (std::size_t i = 0; i < finalists; ++i) {
    std::swap(best_, field_[order[i]]);
    descend(tree, kFinalSteps);
    std::swap(best_, field_[order[i]]);
  }
  if (started > 0) std::swap(best_, field_[*std::min_element(order.begin(), order.end(), better)]);
}

/// Leaves in best_ the constants to descend from, with their columns, slopes and errors. `scouted`: what a
/// scout, who has looked around in fewer rows, found.
void Fitter::find_start(Tree& tree, const std::vector<double>* scouted) {
  best_.inner = inner_of_tree();
  keep_within_bounds(best_.inner);
  solve_state(tree, best_, settings_.starts == 1 || inner_.empty());
  redundant_ = dependent_blocks_ == blocks_.size();
  if (settings_.starts > 1 && !inner_.empty()) {
    if (!scouted) {
      tried_.assign(1, {best_.loss, best_.inner});
      scan(tree);
      return race(tree);
    }
    next_.inner = *scouted;
    try_start(tree, false);
    solve_state(tree, best_, true);
  }
  if (sheet_.loss == Loss::log_error) refine_coefficients(10, best_);
}

}  // namespace energylens::search
