// SPDX-License-Identifier: Apache-2.0
// Small dense linear algebra through Eigen, kept behind spans so that no other module sees Eigen.
// Held by dense_test.cpp.
#include "numerics/dense.hpp"

#include <Eigen/Dense>
#include <cassert>
#include <cmath>

namespace energylens::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Eigen::Map<const MatrixXd> matrix(std::span<const double> a, std::size_t rows, std::size_t columns) {
  assert(a.size() == rows * columns);
  return {a.data(), static_cast<Index>(rows), static_cast<Index>(columns)};
}

std::vector<double> values_of(const Eigen::Ref<const MatrixXd>& m) {
  const MatrixXd copy = m;
  return {copy.data(), copy.data() + copy.size()};
}

/// Least squares over the columns in `passive`, zero elsewhere.
VectorXd passive_solution(const MatrixXd& normal, const VectorXd& gradient,
                          const std::vector<Index>& passive) {
  VectorXd x = VectorXd::Zero(gradient.size());
  if (passive.empty()) return x;
  const VectorXd part = normal(passive, passive).completeOrthogonalDecomposition().solve(gradient(passive));
  for (std::size_t i = 0; i < passive.size(); ++i) x[passive[i]] = part[static_cast<Index>(i)];
  return x;
}

/// Moves from x towards the unconstrained `target` until the first component reaches zero; drops those at zero.
void step_to_boundary(VectorXd& x, const VectorXd& target, std::vector<Index>& passive) {
  double fraction = 1;
  for (const Index j : passive) {
    if (target[j] <= 0) fraction = std::min(fraction, x[j] / (x[j] - target[j]));
  }
  x += fraction * (target - x);
  std::erase_if(passive, [&x](Index j) { return x[j] <= 1e-14; });
}

}  // namespace

std::vector<double> linear_least_squares(std::span<const double> a, std::size_t rows, std::size_t columns,
                                         std::span<const double> b, double ridge) {
  const auto n = static_cast<Index>(rows), k = static_cast<Index>(columns);
  MatrixXd stacked = MatrixXd::Zero(ridge > 0 ? n + k : n, k);
  VectorXd right = VectorXd::Zero(stacked.rows());
  stacked.topRows(n) = matrix(a, rows, columns);
  right.head(n) = Eigen::Map<const VectorXd>(b.data(), n);
  if (ridge > 0) stacked.bottomRows(k).diagonal().setConstant(std::sqrt(ridge));
  return values_of(stacked.completeOrthogonalDecomposition().solve(right));
}

std::vector<double> nonnegative_least_squares(std::span<const double> a, std::size_t rows,
                                              std::size_t columns, std::span<const double> b) {
  const auto full = matrix(a, rows, columns);
  const VectorXd right = Eigen::Map<const VectorXd>(b.data(), static_cast<Index>(rows));
  // Columns of equal length, so that one threshold serves all.
  VectorXd length = full.colwise().norm();
  for (double& l : length) l = l > 0 ? l : 1;
  const MatrixXd scaled = full * length.cwiseInverse().asDiagonal();
  const MatrixXd normal = scaled.transpose() * scaled;
  const VectorXd gradient = scaled.transpose() * right;
  VectorXd x = VectorXd::Zero(gradient.size());
  std::vector<Index> passive;
  for (std::size_t step = 0; step < 3 * columns; ++step) {
    VectorXd slope = gradient - normal * x;
    for (const Index j : passive) slope[j] = 0;
    Index enter = 0;
    if (columns == 0 || slope.maxCoeff(&enter) <= 1e-12 * gradient.cwiseAbs().maxCoeff()) break;
    passive.push_back(enter);
    VectorXd target = passive_solution(normal, gradient, passive);
    while (!passive.empty() && target(passive).minCoeff() <= 0) {
      step_to_boundary(x, target, passive);
      target = passive_solution(normal, gradient, passive);
    }
    x = target;
  }
  return values_of(x.cwiseQuotient(length));
}

SymmetricEigen symmetric_eigen(std::span<const double> a, std::size_t n) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(matrix(a, n, n));
  return {values_of(solver.eigenvalues()), values_of(solver.eigenvectors())};
}

std::vector<double> invert_spd(std::span<const double> a, std::size_t n) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(matrix(a, n, n));
  const double least = 1e-14 * solver.eigenvalues().cwiseAbs().maxCoeff();
  VectorXd inverse = solver.eigenvalues();
  for (double& value : inverse) value = value > least ? 1 / value : 0;
  return values_of(solver.eigenvectors() * inverse.asDiagonal() * solver.eigenvectors().transpose());
}

std::vector<double> cholesky(std::span<const double> a, std::size_t n) {
  const MatrixXd square = matrix(a, n, n);
  double jitter = 0;
  for (int attempt = 0; attempt < 12; ++attempt) {
    const Eigen::LLT<MatrixXd> factor(square + jitter * MatrixXd::Identity(square.rows(), square.cols()));
    if (factor.info() == Eigen::Success) {
      const MatrixXd lower = factor.matrixL();
      return values_of(lower.transpose());  // column-major of the transpose is row-major of L
    }
    jitter = jitter > 0 ? 10 * jitter : 1e-14 * std::max(1e-300, square.diagonal().cwiseAbs().maxCoeff());
  }
  return std::vector<double>(n * n, 0.0);
}

std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t n) {
  // Row-major is the transpose of column-major: (a b)^T = b^T a^T.
  return values_of(matrix(b, n, n) * matrix(a, n, n));
}

double trace_of_product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

std::vector<double> normal_matrix(std::span<const double> jacobian, std::size_t rows, std::size_t columns) {
  const auto j = matrix(jacobian, rows, columns);
  return values_of(j.transpose() * j);
}

}  // namespace energylens::numerics
