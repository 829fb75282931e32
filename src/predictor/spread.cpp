// SPDX-License-Identifier: Apache-2.0
// Held by tests/parametric/fit/uncertainty_test.cpp and tests/parametric/model/predict_test.cpp.
#include "predictor/spread.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "numerics/summary.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {
namespace {

constexpr std::size_t kRowsForQuantile = 20;
constexpr double kSharedVariance = 0.5;

/// What equal loads have in common. Two values that are not known are the same: -1, which no load has.
std::array<double, 3> load_key(const table::Configuration& config) {
  const auto number = [](double value) { return known(value) ? value : -1; };
  return {number(config.load.batch / replicas(config.layout)), number(config.load.isl),
          number(config.load.osl)};
}

}  // namespace

double shrunk_spread(double raw, double n, double spent) {
  const double believed = kPriorRows * kTypicalSpread * kTypicalSpread;
  return std::sqrt((n * raw * raw + believed) / (std::max(n - spent, 0.0) + kPriorRows));
}

double row_spread(std::vector<double> residuals, double spent) {
  const double n = static_cast<double>(residuals.size());
  double raw = 0;
  if (residuals.size() >= kRowsForQuantile) {
    for (double& r : residuals) r = std::abs(r);
    raw = numerics::quantile(residuals, 0.9) / numerics::kNormal90;
  } else {
    for (const double r : residuals) raw += r * r / n;
    raw = std::sqrt(raw);
  }
  return shrunk_spread(raw, n, spent);
}

RowNoise::RowNoise(std::span<const table::Configuration> configs) {
  std::map<std::array<double, 3>, std::size_t> first;
  for (std::size_t c = 0; c < configs.size(); ++c)
    first_of_load_.push_back(first.try_emplace(load_key(configs[c]), c).first->second);
}

std::vector<double> RowNoise::draw(Rng& rng) const {
  std::vector<double> shared, drawn;
  for (std::size_t c = 0; c < first_of_load_.size(); ++c) shared.push_back(rng.normal());
  for (const std::size_t first : first_of_load_) {
    drawn.push_back(std::sqrt(kSharedVariance) * shared[first] +
                    std::sqrt(1 - kSharedVariance) * rng.normal());
  }
  return drawn;
}

}  // namespace energylens::predictor
