// SPDX-License-Identifier: Apache-2.0
// identify.cpp: what the rows determine, to first order. J is the Jacobian of the weighted errors, with
// columns scaled to length 1, so that units do not matter. Eigenvalues of J'J below kRankTolerance^2 of the
// greatest belong to directions in which the formula does not change. They lower the rank, and a constant
// with a share in one of them has no standard error. Tested by tests/search/front/identify_test.cpp.
#include "search/identify.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "search/front/linearised.hpp"

namespace energylens::search {
namespace {

constexpr double kShare = 1e-4;  // largest share of a constant in undetermined directions

struct Spectrum {
  numerics::SymmetricEigen eigen;
  std::vector<double> length;  // of the columns
  double least = 0;            // eigenvalues above this count
  std::size_t rank = 0;
};

Spectrum spectrum_of(const Linearised& at) {
  const std::size_t n = at.numbers.size(), rows = at.error.size();
  std::vector<double> jacobian(n * rows);
  Spectrum out;
  for (std::size_t j = 0; j < n; ++j) {
    double sum = 0;
    for (std::size_t i = 0; i < rows; ++i) {
      double& element = jacobian[j * rows + i] = at.numbers[j].slope[i] * std::sqrt(at.weight[i]);
      sum += element * element;
    }
    out.length.push_back(std::sqrt(sum));
    for (std::size_t i = 0; i < rows && sum > 0; ++i) jacobian[j * rows + i] /= out.length[j];
  }
  out.eigen = numerics::symmetric_eigen(numerics::normal_matrix(jacobian, rows, n), n);
  out.least = kRankTolerance * kRankTolerance * out.eigen.values.back();
  for (const double value : out.eigen.values) out.rank += value > out.least ? 1 : 0;
  return out;
}

/// Variance of number j for errors of variance 1; unknown if the rows do not determine it.
double variance_of(const Spectrum& s, std::size_t j) {
  const std::size_t n = s.length.size();
  double sum = 0, undetermined = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double share = s.eigen.vectors[k * n + j] * s.eigen.vectors[k * n + j];
    if (s.eigen.values[k] > s.least) {
      sum += share / s.eigen.values[k];
    } else {
      undetermined += share;
    }
  }
  return undetermined > kShare || s.length[j] == 0 ? kUnknown : sum / (s.length[j] * s.length[j]);
}

void identify(Formula& formula, const Problem& problem, const Options& options) {
  for (Constant& c : formula.constants) c.standard_errors.assign(c.values.size(), kUnknown);
  const Linearised at = linearised(formula, problem, options);
  if (!at.finite) return;
  formula.effective_parameters = 0;
  if (at.numbers.empty()) return;
  const Spectrum spectrum = spectrum_of(at);
  formula.effective_parameters = static_cast<double>(spectrum.rank);
  const double variance = error_variance(formula, problem.rows());
  for (std::size_t j = 0; j < at.numbers.size(); ++j) {
    const FittedNumber& number = at.numbers[j];
    formula.constants[number.constant].standard_errors[number.at] =
        std::sqrt(variance_of(spectrum, j) * variance);
  }
}

}  // namespace

void identify(Front& front, const Problem& problem, const Options& options) {
  RunOptions run;
  run.threads = options.threads;
  parallel_for(front.formulas.size(), run,
               [&](std::size_t i) { identify(front.formulas[i], problem, options); });
}

}  // namespace energylens::search
