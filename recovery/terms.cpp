// SPDX-License-Identifier: Apache-2.0
// terms.cpp: the terms of a sum, compared by their values at the rows. What a term is worth follows from
// fitting the law with and without it, exponents given, coefficients per group by weighted least squares of
// relative errors. Held by tests/recovery/attempt_test.cpp.
#include "recovery/terms.hpp"

#include <cmath>

#include "recovery/sample.hpp"

namespace energylens::recovery {
namespace {

using expr::Expr;
using expr::Op;

void collect(const Expr& sum, std::vector<Expr>& out) {
  if (sum.root().op == Op::add) {
    collect(sum.left(), out);
    collect(sum.right(), out);
  } else {
    out.push_back(sum);
  }
}

/// Values of each term at the rows, with the numbers of each row's group.
template <typename OfGroup>
std::vector<std::vector<double>> terms_of(OfGroup of_group, const search::Problem& p) {
  std::vector<std::vector<double>> out;
  for (std::size_t g = 0; g < p.group_count(); ++g) {
    std::vector<Expr> terms;
    collect(of_group(g), terms);
    out.resize(terms.size(), std::vector<double>(p.rows()));
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const std::vector<double> there = values(terms[t], p);
      for (std::size_t i = 0; i < p.rows(); ++i) {
        if (p.group_of(i) == g) out[t][i] = there[i];
      }
    }
  }
  return out;
}

bool alike(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0, squares = 0;
  const double n = static_cast<double>(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::log(a[i] / b[i]);
    sum += d;
    squares += d * d;
  }
  const double mean = sum / n;
  return std::fabs(mean) < std::log(2.0) && std::sqrt(std::max(0.0, squares / n - mean * mean)) < 0.15;
}

/// Mean squared relative error of the best sum of some columns in each group.
double left_by(const std::vector<std::vector<double>>& columns, const search::Problem& p,
               std::size_t without) {
  double total = 0;
  for (std::size_t g = 0; g < p.group_count(); ++g) {
    std::vector<std::size_t> used;
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (c != without) used.push_back(c);
    const std::size_t k = used.size();
    std::vector<double> normal(k * k, 0.0), right(k, 0.0);
    double squares = 0;
    for (std::size_t i = 0; i < p.rows(); ++i) {
      if (p.group_of(i) != g) continue;
      squares += 1;
      for (std::size_t a = 0; a < k; ++a) {
        const double x = columns[used[a]][i] / p.target[i];
        right[a] += x;
        for (std::size_t b = 0; b < k; ++b) normal[a * k + b] += x * columns[used[b]][i] / p.target[i];
      }
    }
    // Gauss without pivots: the matrix is positive definite.
    std::vector<double> y = right;
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = a + 1; b < k; ++b) {
        const double share = normal[b * k + a] / normal[a * k + a];
        for (std::size_t c = a; c < k; ++c) normal[b * k + c] -= share * normal[a * k + c];
        y[b] -= share * y[a];
      }
      squares -= y[a] * y[a] / normal[a * k + a];
    }
    total += squares;
  }
  return total / static_cast<double>(p.rows());
}

}  // namespace

TermMatch match_terms(const Known& law, const search::Formula& formula, const search::Problem& training) {
  constexpr double kWorth = 10;
  const auto truth = terms_of([&](std::size_t g) { return law.expr(g); }, training);
  const auto found = terms_of([&](std::size_t g) { return formula.with_constants(g); }, training);
  const double n = static_cast<double>(training.rows());
  const double whole = std::max(left_by(truth, training, truth.size()), 1e-24);
  TermMatch out{truth.size(), found.size(), true};
  for (std::size_t t = 0; t < truth.size(); ++t) {
    const double own = static_cast<double>(law.groups());
    const double cost =
        truth.size() == 1 ? 1e9 : n * std::log(left_by(truth, training, t) / whole) - own * std::log(n);
    if (cost <= kWorth) continue;
    bool present = false;
    for (const std::vector<double>& f : found) present = present || alike(f, truth[t]);
    out.needed_are_found = out.needed_are_found && present;
  }
  return out;
}

}  // namespace energylens::recovery
