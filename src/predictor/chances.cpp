// SPDX-License-Identifier: Apache-2.0
// chances.cpp: how often each candidate has the least energy among joint draws, and how likely a limit
// breaks. Held by chances_test.cpp.
#include "predictor/chances.hpp"

#include <cassert>
#include <cmath>

#include "energylens/core/number_text.hpp"
#include "numerics/distributions.hpp"

namespace energylens::predictor {

std::vector<double> chances_best(std::span<const double> draws, std::size_t candidates) {
  assert(candidates > 0 && draws.size() % candidates == 0);
  if (draws.empty()) return {};
  const std::size_t rows = draws.size() / candidates;
  std::vector<std::size_t> wins(candidates);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::span<const double> row = draws.subspan(r * candidates, candidates);
    std::size_t best = candidates;
    for (std::size_t i = 0; i < candidates; ++i) {
      if (known(row[i]) && (best == candidates || row[i] < row[best])) best = i;
    }
    if (best < candidates) ++wins[best];
  }
  std::vector<double> chances;
  for (const std::size_t won : wins) chances.push_back(static_cast<double>(won) / static_cast<double>(rows));
  return chances;
}

double chance_above(const Estimate& estimate, double limit) {
  if (!known(estimate.value) || !known(limit)) return kUnknown;
  const bool spread = estimate.lo > 0 && estimate.hi > estimate.lo && std::isfinite(estimate.hi);
  if (!spread) return estimate.value > limit ? 1 : 0;
  const double sd = std::log(estimate.hi / estimate.lo) / (2 * numerics::normal_quantile(0.95));
  return numerics::normal_cdf(std::log(estimate.value / limit) / sd);
}

}  // namespace energylens::predictor
