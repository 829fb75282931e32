// SPDX-License-Identifier: Apache-2.0
// fit_step.cpp: one damped step of Levenberg and Marquardt in all constants. The normal matrix has the shape
// of an arrow (the coefficients of a group see only their rows and the inner constants), so groups are
// eliminated one by one and what remains is a small system in the inner constants.
#include <algorithm>
#include <cmath>

#include "search/fit/dot.hpp"
#include "search/fit/fit.hpp"

namespace energylens::search {
namespace {

constexpr double kMostLogStep = 5;  // of a number that moves by its logarithm

double moved_by_logarithm(double from, double change) {
  return from * std::exp(std::clamp(change, -kMostLogStep, kMostLogStep));
}

}  // namespace

/// Normal equations of one block (normal_, right_): own coefficients, then inner constants.
void Fitter::accumulate(const Block& block, const State& at, const double* coefficients) {
  const std::size_t k = terms_, q = inner_.size(), n = k + q, m = block.end - block.begin;
  jacobian_.resize(std::max(jacobian_.size(), n * m));
  residual_.resize(std::max(residual_.size(), m));
  row_.resize(std::max(row_.size(), m));
  for (std::size_t i = 0; i < m; ++i) {
    row_[i] = root_weight_[block.begin + i] * at.slope[block.begin + i];
    residual_[i] = root_weight_[block.begin + i] * at.error[block.begin + i];
  }
  const auto column = [&](std::size_t place, const std::vector<double>& values, double factor) {
    double* const out = jacobian_.data() + place * m;
    const double* const value = values.data() + block.begin;
    for (std::size_t i = 0; i < m; ++i) out[i] = value[i] * (row_[i] * factor);
  };
  for (std::size_t j = 0; j < k; ++j) column(j, at.values[j], settings_.positive ? coefficients[j] : 1);
  for (std::size_t j = 0; j < q; ++j) {
    const bool by_logarithm = settings_.positive_inner && !inner_[j].exponent;
    column(k + j, at.slopes[j], coefficients[inner_term_[j]] * (by_logarithm ? at.inner[j] : 1));
  }
  normal_.resize(n * n);
  right_.resize(n);
  for (std::size_t a = 0; a < n; ++a) {
    const double* const x = jacobian_.data() + a * m;
    right_[a] = -dot(x, residual_.data(), m);
    for (std::size_t c = 0; c <= a; ++c) normal_[a * n + c] = dot(x, jacobian_.data() + c * m, m);
  }
}

/// Adds what the block leaves for the inner constants; keeps A^-1 [B, b] of its coefficients.
void Fitter::eliminate(double damping, double* kept) {
  const std::size_t k = terms_, q = inner_.size(), n = k + q;
  system_.reset(k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j <= i; ++j) system_.a(i, j) = normal_[i * n + j] * (i == j ? 1 + damping : 1);
  }
  system_.factorise();
  for (std::size_t column = 0; column <= q; ++column) {
    double* const x = kept + column * k;
    std::copy_n(column < q ? normal_.data() + (k + column) * n : right_.data(), k, x);
    system_.solve_factorised(x);
  }
  for (std::size_t r = 0; r < q; ++r) {
    const double* const own = normal_.data() + (k + r) * n;
    for (std::size_t c = 0; c <= r; ++c) {
      double sum = own[k + c] * (r == c ? 1 + damping : 1);
      for (std::size_t i = 0; i < k; ++i) sum -= own[i] * kept[c * k + i];
      shared_[r * q + c] += sum;
    }
    double sum = right_[k + r];
    for (std::size_t i = 0; i < k; ++i) sum -= own[i] * kept[q * k + i];
    shared_right_[r] += sum;
  }
}

/// Solves for the inner constants; exponents at their bound that would go beyond stay there.
void Fitter::move_inner(const State& at, std::vector<double>& change) {
  const std::size_t q = inner_.size();
  const double most = settings_.greatest_exponent;
  const auto held = [&](std::size_t j) {
    return inner_[j].exponent &&
           ((at.inner[j] >= most && shared_right_[j] > 0) || (at.inner[j] <= -most && shared_right_[j] < 0));
  };
  system_.reset(q);
  for (std::size_t r = 0; r < q; ++r) {
    const bool fixed = held(r);
    for (std::size_t c = 0; c <= r; ++c)
      system_.a(r, c) =
          r == c ? (fixed ? 1 : shared_[r * q + r]) : (fixed || held(c) ? 0 : shared_[r * q + c]);
    system_.b(r) = fixed ? 0 : shared_right_[r];
  }
  system_.solve(change);
}

/// From `at`, whose columns and errors are in place. False if the equations have no finite solution.
bool Fitter::step(const State& at, double damping, State& next) {
  const std::size_t k = terms_, q = inner_.size();
  shared_.assign(q * q, 0);
  shared_right_.assign(q, 0);
  eliminated_.resize(blocks_.size() * k * (q + 1));
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    accumulate(blocks_[b], at, at.coefficients.data() + b * k);
    eliminate(damping, eliminated_.data() + b * k * (q + 1));
  }
  move_inner(at, change_);
  next.inner = at.inner;
  for (std::size_t j = 0; j < q; ++j) {
    const bool by_logarithm = settings_.positive_inner && !inner_[j].exponent;
    next.inner[j] = by_logarithm ? moved_by_logarithm(next.inner[j], change_[j]) : next.inner[j] + change_[j];
  }
  keep_within_bounds(next.inner);
  next.coefficients = at.coefficients;
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const double* const kept = eliminated_.data() + b * k * (q + 1);
    for (std::size_t i = 0; i < k; ++i) {
      double change = kept[q * k + i];
      for (std::size_t j = 0; j < q; ++j) change -= kept[j * k + i] * change_[j];
      double& c = next.coefficients[b * k + i];
      c = settings_.positive ? moved_by_logarithm(c, change) : c + change;
    }
  }
  const auto finite = [](double v) { return std::isfinite(v); };
  return std::all_of(next.inner.begin(), next.inner.end(), finite) &&
         std::all_of(next.coefficients.begin(), next.coefficients.end(), finite);
}

}  // namespace energylens::search
