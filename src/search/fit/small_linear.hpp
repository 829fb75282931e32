// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

namespace energylens::search {

/// Normal equations of a few unknowns, dense and symmetric, without allocation once warm.
class SmallSystem {
 public:
  void reset(std::size_t n);
  std::size_t size() const { return n_; }
  double& a(std::size_t i, std::size_t j) { return matrix_[i * n_ + j]; }  ///< lower triangle: j <= i
  double& b(std::size_t i) { return right_[i]; }

  /// x of A x = b by Cholesky; unknowns whose column depends on those before get 0 and are counted in
  /// dependent().
  void solve(std::vector<double>& x);
  /// The same with x >= 0 (active set on the normal equations, Lawson and Hanson).
  void solve_nonnegative(std::vector<double>& x);
  /// For several right sides: factorise() once, then x, which holds a right side, becomes its solution.
  void factorise();
  void solve_factorised(double* x) const;
  std::size_t dependent() const { return dependent_; }

 private:
  void factorise(const std::vector<std::size_t>& which);
  void substitute(double* x, std::size_t m) const;
  void solve_subset(const std::vector<std::size_t>& which, std::vector<double>& x);
  double at(std::size_t i, std::size_t j) const { return j <= i ? matrix_[i * n_ + j] : matrix_[j * n_ + i]; }

  std::size_t n_ = 0, dependent_ = 0;
  std::vector<double> matrix_, right_, factor_, work_;
  std::vector<std::size_t> passive_, all_;
  std::vector<char> skipped_;
};

}  // namespace energylens::search
