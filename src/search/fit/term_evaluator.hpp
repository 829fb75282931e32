// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <memory>
#include <vector>

#include "expr/kernels.hpp"
#include "search/fit/dataset.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {

/// A pool of arrays of one length, which are lent and given back. One per thread.
class Scratch {
 public:
  /// Requires: no array is lent.
  void set_length(std::size_t length);
  double* lend();
  void give_back(double* array) { free_.push_back(array); }

 private:
  std::size_t length_ = 0;
  std::vector<std::unique_ptr<double[]>> arrays_;
  std::vector<double*> free_;
};

/// Derivatives by the inner constants, in the order of inner_constants(). The arrays are lent; the holder
/// gives them back.
using Slopes = std::vector<double*>;

/// Computes the values of a term at the points, without its coefficient, and their derivatives by its inner
/// constants. All fitted powers of inputs in a term together take one exponential of a sum of logarithms.
class TermEvaluator {
 public:
  TermEvaluator(const Dataset& dataset, Scratch& scratch);

  /// Fills `out` (points). Appends one array per inner constant of the term to `slopes`, unless it is null.
  void term(const Term& term, double* out, Slopes* slopes);
  void give_back(Slopes& slopes);

 private:
  void sum(const Sum& sum, double* out, Slopes* slopes);
  void inputs(const Term& term, double* out, Slopes* slopes);
  void factor(const Factor& factor, double* out, Slopes* slopes);
  void function(const Factor& factor, double* value, Slopes* slopes);
  void function_slope(expr::Op op, const double* argument, const double* value, double* out) const;
  void extremum(const Factor& factor, double* value, Slopes* slopes);
  void power(const Factor& factor, double* base, Slopes* slopes, std::size_t first);
  void fitted_power(const Factor& factor, double* base, Slopes* slopes, std::size_t first);
  void whole_power(const double* base, int exponent, double* out);

  const Dataset& dataset_;
  Scratch& scratch_;
  const expr::KernelSet& kernels_;
  std::size_t n_;
};

}  // namespace energylens::search
