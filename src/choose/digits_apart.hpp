// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>

namespace energylens::choose {

/// Significant digits, at least `least`, with which two positive numbers print differently.
inline int digits_apart(double a, double b, int least) {
  const double ratio = std::max(a, b) / std::abs(a - b);
  return std::clamp(static_cast<int>(std::ceil(std::log10(std::min(ratio, 1e15)))), least, 15);
}

}  // namespace energylens::choose
