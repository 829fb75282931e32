// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <span>
#include <vector>

#include "numerics/gaussian_process.hpp"

namespace energylens::numerics {

/// The sum of the terms at given hyperparameters.
class Kernel {
 public:
  /// Requires: `terms` outlives the kernel.
  Kernel(std::span<const Term> terms, std::span<const double> values);

  double covariance(const Combination& a, const Combination& b) const;
  /// Adds weight * d covariance / d ln(value) for every hyperparameter.
  void add_gradient(const Combination& a, const Combination& b, double weight,
                    std::span<double> gradient) const;

 private:
  double term(std::size_t t, const Point& a, const Point& b) const;

  std::span<const Term> terms_;
  std::span<const double> values_;
  std::vector<double> variance_;                     ///< by term
  std::vector<std::vector<double>> inverse_length_;  ///< by term and factor
};

}  // namespace energylens::numerics
