// SPDX-License-Identifier: Apache-2.0
// fit_step.cpp: one damped Levenberg-Marquardt step in all constants. The normal matrix has the shape of an
// arrow: the coefficients of a group interact only with the inner constants. So groups are eliminated one by
// one, which leaves a small system in the inner constants. Tested by tests/search/fit/fit_test.cpp.
#include <algorithm>
#include <cmath>

#include "search/fit/dot.hpp"
#include "search/fit/fit_steps.hpp"

namespace energylens::search {
namespace {

constexpr double kMostLogStep = 5;  // largest step in the logarithm of a number

double moved_by_logarithm(double from, double change) {
  return from * std::exp(std::clamp(change, -kMostLogStep, kMostLogStep));
}

/// Forms the normal equations of one block (w.normal, w.right): first its coefficients, then the inner
/// constants.
void accumulate(const FitBlock& block, const FitState& at, const double* coefficients, FitWorkspace& w) {
  const std::size_t k = w.terms, q = w.inner.size(), n = k + q, m = block.end - block.begin;
  w.jacobian.resize(std::max(w.jacobian.size(), n * m));
  w.residual.resize(std::max(w.residual.size(), m));
  w.row.resize(std::max(w.row.size(), m));
  for (std::size_t i = 0; i < m; ++i) {
    w.row[i] = w.root_weight[block.begin + i] * at.slope[block.begin + i];
    w.residual[i] = w.root_weight[block.begin + i] * at.error[block.begin + i];
  }
  const auto column = [&](std::size_t place, const std::vector<double>& values, double factor) {
    double* const out = w.jacobian.data() + place * m;
    const double* const value = values.data() + block.begin;
    for (std::size_t i = 0; i < m; ++i) out[i] = value[i] * (w.row[i] * factor);
  };
  for (std::size_t j = 0; j < k; ++j) column(j, at.values[j], w.settings.positive ? coefficients[j] : 1);
  for (std::size_t j = 0; j < q; ++j) {
    const bool by_logarithm = w.settings.positive_inner && !w.inner[j].exponent;
    column(k + j, at.slopes[j], coefficients[w.inner_term[j]] * (by_logarithm ? at.inner[j] : 1));
  }
  w.normal.resize(n * n);
  w.right.resize(n);
  for (std::size_t a = 0; a < n; ++a) {
    const double* const x = w.jacobian.data() + a * m;
    w.right[a] = -dot(x, w.residual.data(), m);
    for (std::size_t c = 0; c <= a; ++c) w.normal[a * n + c] = dot(x, w.jacobian.data() + c * m, m);
  }
}

/// Eliminates the coefficients of the block: adds the Schur complement to the equations of the inner
/// constants and stores A^-1 [B, b] in `kept`.
void eliminate(double damping, double* kept, FitWorkspace& w) {
  const std::size_t k = w.terms, q = w.inner.size(), n = k + q;
  w.system.reset(k);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j <= i; ++j) w.system.a(i, j) = w.normal[i * n + j] * (i == j ? 1 + damping : 1);
  }
  w.system.factorise();
  for (std::size_t column = 0; column <= q; ++column) {
    double* const x = kept + column * k;
    std::copy_n(column < q ? w.normal.data() + (k + column) * n : w.right.data(), k, x);
    w.system.solve_factorised(x);
  }
  for (std::size_t r = 0; r < q; ++r) {
    const double* const own = w.normal.data() + (k + r) * n;
    for (std::size_t c = 0; c <= r; ++c) {
      double sum = own[k + c] * (r == c ? 1 + damping : 1);
      for (std::size_t i = 0; i < k; ++i) sum -= own[i] * kept[c * k + i];
      w.shared[r * q + c] += sum;
    }
    double sum = w.right[k + r];
    for (std::size_t i = 0; i < k; ++i) sum -= own[i] * kept[q * k + i];
    w.shared_right[r] += sum;
  }
}

/// Solves for the inner constants. An exponent at its bound that would move beyond it stays there.
void move_inner(const FitState& at, std::vector<double>& change, FitWorkspace& w) {
  const std::size_t q = w.inner.size();
  const double most = w.settings.greatest_exponent;
  const auto held = [&](std::size_t j) {
    return w.inner[j].exponent && ((at.inner[j] >= most && w.shared_right[j] > 0) ||
                                   (at.inner[j] <= -most && w.shared_right[j] < 0));
  };
  w.system.reset(q);
  for (std::size_t r = 0; r < q; ++r) {
    const bool fixed = held(r);
    for (std::size_t c = 0; c < r; ++c) w.system.a(r, c) = fixed || held(c) ? 0 : w.shared[r * q + c];
    w.system.a(r, r) = fixed ? 1 : w.shared[r * q + r];
    w.system.b(r) = fixed ? 0 : w.shared_right[r];
  }
  w.system.solve(change);
}

}  // namespace

bool take_step(const FitState& at, double damping, FitState& next, FitWorkspace& w) {
  const std::size_t k = w.terms, q = w.inner.size();
  w.shared.assign(q * q, 0);
  w.shared_right.assign(q, 0);
  w.eliminated.resize(w.blocks.size() * k * (q + 1));
  for (std::size_t b = 0; b < w.blocks.size(); ++b) {
    accumulate(w.blocks[b], at, at.coefficients.data() + b * k, w);
    eliminate(damping, w.eliminated.data() + b * k * (q + 1), w);
  }
  move_inner(at, w.change, w);
  next.inner = at.inner;
  for (std::size_t j = 0; j < q; ++j) {
    const bool by_logarithm = w.settings.positive_inner && !w.inner[j].exponent;
    next.inner[j] =
        by_logarithm ? moved_by_logarithm(next.inner[j], w.change[j]) : next.inner[j] + w.change[j];
  }
  keep_within_bounds(next.inner, w);
  next.coefficients = at.coefficients;
  for (std::size_t b = 0; b < w.blocks.size(); ++b) {
    const double* const kept = w.eliminated.data() + b * k * (q + 1);
    for (std::size_t i = 0; i < k; ++i) {
      double change = kept[q * k + i];
      for (std::size_t j = 0; j < q; ++j) change -= kept[j * k + i] * w.change[j];
      double& c = next.coefficients[b * k + i];
      c = w.settings.positive ? moved_by_logarithm(c, change) : c + change;
    }
  }
  const auto finite = [](double v) { return std::isfinite(v); };
  return std::all_of(next.inner.begin(), next.inner.end(), finite) &&
         std::all_of(next.coefficients.begin(), next.coefficients.end(), finite);
}

}  // namespace energylens::search
