// SPDX-License-Identifier: Apache-2.0
// fit_loss.cpp: from the constants of a formula to its loss. The coefficients of terms are linear: given the
// inner constants, each group solves its own normal equations in the weights of the loss (variable
// projection). Tested by tests/search/fit/fit_test.cpp.
#include <algorithm>
#include <cmath>
#include <limits>

#include "search/fit/dot.hpp"
#include "search/fit/fit_steps.hpp"

namespace energylens::search {

void find_constants(Tree& tree, FitWorkspace& w) {
  w.inner = inner_constants(tree);
  w.inner_term.clear();
  w.terms = 0;
  for (const Sum& part : tree.parts) {
    for (const Term& term : part) w.inner_term.insert(w.inner_term.end(), count_inner(term), w.terms++);
  }
}

void set_inner(const std::vector<double>& values, FitWorkspace& w) {
  for (std::size_t j = 0; j < values.size(); ++j) *w.inner[j].value = values[j];
}

std::vector<double> inner_of_tree(const FitWorkspace& w) {
  std::vector<double> out;
  for (const InnerConstant& c : w.inner) out.push_back(*c.value);
  return out;
}

void keep_within_bounds(std::vector<double>& inner, const FitWorkspace& w) {
  const double most = w.settings.greatest_exponent;
  for (std::size_t j = 0; j < inner.size(); ++j) {
    if (w.inner[j].exponent) {
      inner[j] = std::clamp(inner[j], -most, most);
    } else if (w.settings.positive_inner) {
      inner[j] = std::fabs(inner[j]);
    }
  }
}

void evaluate_columns(const Tree& tree, bool with_slopes, FitState& at, FitWorkspace& w) {
  w.at_points.resize(w.dataset.points);
  if (at.values.size() < w.terms) at.values.resize(w.terms);
  if (at.slopes.size() < w.inner.size()) at.slopes.resize(w.inner.size());
  std::size_t k = 0, j = 0;
  Slopes slopes;
  for (std::size_t p = 0; p < tree.parts.size(); ++p) {
    const std::vector<double>& multiplier = w.dataset.multipliers[p];
    const auto to_rows = [&](double* points, std::vector<double>& out) {
      for (std::size_t i = 0; i < multiplier.size(); ++i) points[i] *= multiplier[i];
      out.resize(w.dataset.rows);
      w.dataset.add_up(points, out.data());
    };
    for (const Term& term : tree.parts[p]) {
      w.evaluator.term(term, w.at_points.data(), with_slopes ? &slopes : nullptr);
      to_rows(w.at_points.data(), at.values[k++]);
      for (double* slope : slopes) to_rows(slope, at.slopes[j++]);
      w.evaluator.give_back(slopes);
    }
  }
}

void solve_coefficients(const double* wanted, const double* scale, FitState& at, FitWorkspace& w) {
  at.coefficients.assign(w.blocks.size() * w.terms, 0);
  w.dependent_blocks = 0;
  w.jacobian.resize(std::max(w.jacobian.size(), w.terms * w.dataset.rows));
  w.residual.resize(w.dataset.rows);
  w.row.resize(w.dataset.rows);
  for (std::size_t b = 0; b < w.blocks.size(); ++b) {
    const std::size_t begin = w.blocks[b].begin, n = w.blocks[b].end - begin;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t row = begin + i;
      w.row[i] = w.root_weight[row] * scale[row];
      w.residual[i] = w.row[i] * (wanted[row] - (w.dataset.given.empty() ? 0 : w.dataset.given[row]));
    }
    w.system.reset(w.terms);
    for (std::size_t k = 0; k < w.terms; ++k) {
      double* const x = w.jacobian.data() + k * n;
      const double* const value = at.values[k].data() + begin;
      for (std::size_t i = 0; i < n; ++i) x[i] = value[i] * w.row[i];
      w.system.b(k) = dot(x, w.residual.data(), n);
      for (std::size_t l = 0; l <= k; ++l) w.system.a(k, l) = dot(x, w.jacobian.data() + l * n, n);
    }
    if (w.settings.positive) {
      w.system.solve_nonnegative(w.solution);
    } else {
      w.system.solve(w.solution);
    }
    if (w.system.dependent() > 0) ++w.dependent_blocks;
    std::copy(w.solution.begin(), w.solution.end(),
              at.coefficients.begin() + static_cast<std::ptrdiff_t>(b * w.terms));
  }
}

void refine_coefficients(int rounds, FitState& at, FitWorkspace& w) {
  for (int round = 0; round < rounds && std::isfinite(at.loss); ++round) {
    w.wanted.resize(w.dataset.rows);
    for (std::size_t i = 0; i < w.dataset.rows; ++i) w.wanted[i] = at.model[i] * (1 - at.error[i]);
    w.kept = at.coefficients;
    const double before = at.loss;
    solve_coefficients(w.wanted.data(), at.slope.data(), at, w);
    find_loss(at, w);
    if (at.loss < before * (1 - 1e-3)) continue;
    if (!(at.loss < before)) {
      at.coefficients = w.kept;
      find_loss(at, w);
    }
    return;
  }
}

void find_loss(FitState& at, FitWorkspace& w) {
  const std::size_t begin = w.blocks.front().begin, end = w.blocks.back().end;
  for (std::vector<double>* column : {&at.model, &at.error, &at.slope}) column->resize(w.dataset.rows);
  at.loss = std::numeric_limits<double>::infinity();
  for (std::size_t i = begin; i < end; ++i) at.model[i] = w.dataset.given.empty() ? 0 : w.dataset.given[i];
  for (std::size_t b = 0; b < w.blocks.size(); ++b) {
    for (std::size_t k = 0; k < w.terms; ++k) {
      const double c = at.coefficients[b * w.terms + k];
      const double* const x = at.values[k].data();
      for (std::size_t i = w.blocks[b].begin; i < w.blocks[b].end; ++i) at.model[i] += c * x[i];
    }
  }
  if (w.dataset.loss == Loss::log_error) {
    double least = at.model[begin];
    for (std::size_t i = begin; i < end; ++i) {
      least = std::min(least, at.model[i]);
      at.error[i] = at.model[i] * w.dataset.scale[i];
      at.slope[i] = 1 / at.model[i];
    }
    if (!(least > 0)) return;
    double* const ratio = at.error.data() + begin;
    expr::kernels().both[static_cast<std::size_t>(expr::Op::log)](ratio, ratio, ratio, end - begin);
  } else {
    for (std::size_t i = begin; i < end; ++i) {
      at.error[i] = (at.model[i] - w.dataset.target[i]) * w.dataset.scale[i];
      at.slope[i] = w.dataset.scale[i];
    }
  }
  w.residual.resize(std::max(w.residual.size(), end - begin));
  for (std::size_t i = begin; i < end; ++i) w.residual[i - begin] = w.root_weight[i] * at.error[i];
  const double total = dot(w.residual.data(), w.residual.data(), end - begin);
  if (std::isfinite(total)) at.loss = total;
}

}  // namespace energylens::search
