// SPDX-License-Identifier: Apache-2.0
// Summaries by the definitions; order statistics by partial sorting of a copy, O(n).
// Held by summary_test.cpp.
#include "numerics/summary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::numerics {
namespace {

bool all_known(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), known);
}

}  // namespace

double mean(std::span<const double> values) {
  if (values.empty()) return kUnknown;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd(std::span<const double> values) {
  if (values.size() < 2) return kUnknown;
  const double center = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - center) * (value - center);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double quantile(std::span<const double> values, double p) {
  assert(p >= 0 && p <= 1);
  if (values.empty() || !all_known(values)) return kUnknown;
  std::vector<double> sorted(values.begin(), values.end());
  const double place = static_cast<double>(sorted.size() - 1) * p;
  const auto below = sorted.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(sorted.begin(), below, sorted.end());
  const double fraction = place - std::floor(place);
  if (fraction == 0) return *below;
  const double above = *std::min_element(below + 1, sorted.end());
  return *below == above ? above : std::lerp(*below, above, fraction);
}

double median(std::span<const double> values) {
  return quantile(values, 0.5);
}

}  // namespace energylens::numerics
