// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace energylens {

/// Derivatives of `f` at `x` against every component, with an error of the order of 1e-9 of f for a smooth
/// function.
template <class Function>
std::vector<double> central_differences(const Function& f, std::span<const double> x) {
  std::vector<double> at(x.begin(), x.end()), out;
  for (std::size_t j = 0; j < at.size(); ++j) {
    const double step = 1e-5 * std::max(std::abs(x[j]), 1e-3);
    at[j] = x[j] + step;
    const double above = f(at);
    at[j] = x[j] - step;
    const double below = f(at);
    at[j] = x[j];
    out.push_back((above - below) / (2 * step));
  }
  return out;
}

}  // namespace energylens
