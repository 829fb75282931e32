// SPDX-License-Identifier: Apache-2.0
// Held by tests/parametric/fit/uncertainty_test.cpp and tests/parametric/model/predict_test.cpp.
#include "predictor/spread.hpp"
#include "numerics/distributions.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/summary.hpp"
#include "predictor/waves.hpp"

namespace energylens::predictor {
namespace {

constexpr std::size_t kRowsForQuantile = 20;
constexpr double kSharedVariance = 0.5;

/// Two values that are not known are the same.
bool same(double a, double b) {
  return a == b || (!known(a) && !known(b));
}

bool same_load(const table::Configuration& a, const table::Configuration& b) {
  const double batch_a = a.load.batch / replicas(a.layout), batch_b = b.load.batch / replicas(b.layout);
  return same(batch_a, batch_b) && same(a.load.isl, b.load.isl) && same(a.load.osl, b.load.osl);
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
  for (const table::Configuration& config : configs) {
    const auto same_as = [&](const table::Configuration& other) { return same_load(other, config); };
    first_of_load_.push_back(
        static_cast<std::size_t>(std::ranges::find_if(configs, same_as) - configs.begin()));
  }
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
