// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace energylens::numerics {

/// x that minimises |A x - b|^2 + ridge |x|^2. `a` is column-major, rows x columns. Of several minima (columns
/// that depend on each other) the shortest x (complete orthogonal decomposition).
std::vector<double> linear_least_squares(std::span<const double> a, std::size_t rows, std::size_t columns,
                                         std::span<const double> b, double ridge = 0);

/// The same with x >= 0 in every component (active set, Lawson and Hanson 1974).
std::vector<double> nonnegative_least_squares(std::span<const double> a, std::size_t rows,
                                              std::size_t columns, std::span<const double> b);

/// Eigenvalues in rising order and, column by column, their unit eigenvectors.
struct SymmetricEigen {
  std::vector<double> values;
  std::vector<double> vectors;  ///< column-major n x n
};
/// Requires: `a` symmetric, n x n.
SymmetricEigen symmetric_eigen(std::span<const double> a, std::size_t n);

/// Inverse of a symmetric positive definite matrix, n x n; directions whose eigenvalue is below
/// 1e-14 of the largest are left out (pseudo-inverse).
std::vector<double> invert_spd(std::span<const double> a, std::size_t n);

/// Lower Cholesky factor L (row-major), L L^T = a + tiny; `a` symmetric positive semi-definite.
std::vector<double> cholesky(std::span<const double> a, std::size_t n);

/// a * b of two row-major n x n matrices.
std::vector<double> product(std::span<const double> a, std::span<const double> b, std::size_t n);

/// Trace of a * b of two symmetric matrices of the same size.
double trace_of_product(std::span<const double> a, std::span<const double> b);

/// J^T J of a column-major Jacobian, n x n.
std::vector<double> normal_matrix(std::span<const double> jacobian, std::size_t rows, std::size_t columns);

}  // namespace energylens::numerics
