// SPDX-License-Identifier: Apache-2.0
// Held by joint_normal_test.cpp.
#include "numerics/joint_normal.hpp"

#include "numerics/dense.hpp"

namespace energylens::numerics {

JointNormal::JointNormal(std::vector<double> mean, std::span<const double> covariance)
    : mean_(std::move(mean)), root_(cholesky(covariance, mean_.size())) {}

std::vector<double> JointNormal::draw(Rng& rng) const {
  const std::size_t n = size();
  std::vector<double> standard(n), out = mean_;
  for (double& value : standard) value = rng.normal();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) out[i] += root_[i * n + j] * standard[j];
  }
  return out;
}

}  // namespace energylens::numerics
