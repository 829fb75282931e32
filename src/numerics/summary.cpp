// SPDX-License-Identifier: Apache-2.0
// Summaries by the definitions; order statistics by partial sorting of a copy, O(n).
// Held by summary_test.cpp.
#include "energylens/numerics/summary.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <vector>

#include "energylens/core/number_text.hpp"

namespace energylens::numerics {
namespace {

/// Standard deviation of a normal sample over its median absolute deviation: 1 / normal_quantile(3/4).
constexpr double kNormalSdPerMad = 1.482602218505602;

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

double mad_sd(std::span<const double> values) {
  const double center = median(values);
  std::vector<double> deviations(values.size());
  std::transform(values.begin(), values.end(), deviations.begin(),
                 [center](double value) { return std::abs(value - center); });
  return kNormalSdPerMad * median(deviations);
}

double weighted_mean(std::span<const double> values, std::span<const double> weights) {
  assert(values.size() == weights.size());
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(total > 0)) return kUnknown;
  return std::inner_product(values.begin(), values.end(), weights.begin(), 0.0) / total;
}

double weighted_median(std::span<const double> values, std::span<const double> weights) {
  assert(values.size() == weights.size());
  if (!all_known(values)) return kUnknown;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weights[i] > 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  const double half = std::accumulate(weights.begin(), weights.end(), 0.0) / 2;
  double passed = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    passed += weights[order[k]];
    if (passed > half || k + 1 == order.size()) return values[order[k]];
    if (passed == half) return std::midpoint(values[order[k]], values[order[k + 1]]);
  }
  return kUnknown;
}

}  // namespace energylens::numerics
