// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

namespace energylens::search {

/// A small dense symmetric system, such as the normal equations of a few unknowns. Reuses its memory.
class SmallSystem {
 public:
  void reset(std::size_t n);
  std::size_t size() const { return n_; }
  double& a(std::size_t i, std::size_t j) { return matrix_[i * n_ + j]; }  ///< lower triangle: j <= i
  double& b(std::size_t i) { return right_[i]; }

  /// Solves A x = b by Cholesky. An unknown whose column depends on those before it gets 0 and is counted in
  /// dependent().
  void solve(std::vector<double>& x);
  /// The same with x >= 0 (active set on the normal equations: Lawson and Hanson 1974).
  void solve_nonnegative(std::vector<double>& x);
  /// For several right-hand sides: call factorise() once, then solve_factorised() replaces each right-hand
  /// side by its solution.
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
