// SPDX-License-Identifier: Apache-2.0
// small_linear.cpp: a search solves about a hundred thousand systems of two to ten unknowns per second, so
// they use reused memory. Tested by tests/search/fit/fit_test.cpp against numerics::linear_least_squares and
// numerics::nonnegative_least_squares.
#include "search/fit/small_linear.hpp"

#include <cmath>

namespace energylens::search {
namespace {

constexpr double kDependent = 1e-13;  // share of its squared length below which a column counts as dependent

}  // namespace

void SmallSystem::reset(std::size_t n) {
  n_ = n;
  matrix_.assign(n * n, 0);
  right_.assign(n, 0);
  all_.resize(n);
  for (std::size_t i = 0; i < n; ++i) all_[i] = i;
}

void SmallSystem::factorise(const std::vector<std::size_t>& which) {
  const std::size_t m = which.size();
  factor_.assign(m * m, 0);
  skipped_.assign(m, 0);
  dependent_ = 0;
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = at(which[i], which[j]);
      for (std::size_t k = 0; k < j; ++k) sum -= factor_[i * m + k] * factor_[j * m + k];
      if (j < i) {
        factor_[i * m + j] = skipped_[j] ? 0 : sum / factor_[j * m + j];
      } else if (sum > kDependent * at(which[i], which[i])) {
        factor_[i * m + i] = std::sqrt(sum);
      } else {
        skipped_[i] = 1;
        ++dependent_;
        for (std::size_t k = 0; k < i; ++k) factor_[i * m + k] = 0;
        factor_[i * m + i] = 1;
      }
    }
  }
}

/// Replaces the right-hand side x by the solution. Requires: factorised.
void SmallSystem::substitute(double* x, std::size_t m) const {
  for (std::size_t i = 0; i < m; ++i) {
    double sum = skipped_[i] ? 0 : x[i];
    for (std::size_t k = 0; k < i; ++k) sum -= factor_[i * m + k] * x[k];
    x[i] = skipped_[i] ? 0 : sum / factor_[i * m + i];
  }
  for (std::size_t i = m; i-- > 0;) {
    double sum = x[i];
    for (std::size_t k = i + 1; k < m; ++k) sum -= factor_[k * m + i] * x[k];
    x[i] = skipped_[i] ? 0 : sum / factor_[i * m + i];
  }
}

void SmallSystem::solve_subset(const std::vector<std::size_t>& which, std::vector<double>& x) {
  const std::size_t m = which.size();
  factorise(which);
  work_.resize(m);
  for (std::size_t i = 0; i < m; ++i) work_[i] = right_[which[i]];
  substitute(work_.data(), m);
  x.assign(n_, 0);
  for (std::size_t i = 0; i < m; ++i) x[which[i]] = work_[i];
}

void SmallSystem::factorise() {
  factorise(all_);
}

void SmallSystem::solve_factorised(double* x) const {
  substitute(x, n_);
}

void SmallSystem::solve(std::vector<double>& x) {
  solve_subset(all_, x);
}

void SmallSystem::solve_nonnegative(std::vector<double>& x) {
  passive_ = all_;
  // In most systems no unknown is negative. So all unknowns are free at first, negative ones are dropped,
  // and then those enter that would lower the error.
  for (std::size_t round = 0; round < 4 * n_ + 4; ++round) {
    solve_subset(passive_, x);
    std::size_t worst = n_;
    for (std::size_t p = 0; p < passive_.size(); ++p) {
      if (x[passive_[p]] < 0 && (worst == n_ || x[passive_[p]] < x[passive_[worst]])) worst = p;
    }
    if (worst != n_) {
      passive_.erase(passive_.begin() + static_cast<std::ptrdiff_t>(worst));
      continue;
    }
    std::size_t enter = n_;
    double best = 0;
    for (std::size_t i = 0; i < n_ && round < 3 * n_; ++i) {
      bool inside = false;
      for (const std::size_t p : passive_) inside = inside || p == i;
      if (inside) continue;
      double slope = right_[i];
      for (std::size_t k = 0; k < n_; ++k) slope -= at(i, k) * x[k];
      slope /= std::sqrt(at(i, i) > 0 ? at(i, i) : 1);
      if (slope > best && slope > 1e-10 * std::fabs(right_[i])) {
        best = slope;
        enter = i;
      }
    }
    if (enter == n_) return;
    std::size_t place = 0;
    while (place < passive_.size() && passive_[place] < enter) ++place;
    passive_.insert(passive_.begin() + static_cast<std::ptrdiff_t>(place), enter);
  }
}

}  // namespace energylens::search
