// SPDX-License-Identifier: Apache-2.0
// The row bootstrap: it does not assume normal residuals. With H the information of the data and P that
// of the priors the Laplace covariance S = (H + P)^-1 is S H S + S P S: the scatter of estimates over samples, and
// the width that the priors leave. Refits show the first; the second is kept, so that directions which rows do not
// determine stay as wide as they are. Held by bootstrap_test.cpp.
#include "parametric/fit/bootstrap.hpp"

#include <map>

#include "energylens/core/rng.hpp"
#include "numerics/dense.hpp"

namespace energylens::parametric {
namespace {

constexpr int kRefitSteps = 30;

std::vector<std::vector<Observation>> by_row(std::span<const Observation> observations) {
  std::map<std::size_t, std::vector<Observation>> rows;
  for (const Observation& o : observations) rows[o.row].push_back(o);
  std::vector<std::vector<Observation>> out;
  for (auto& [row, parts] : rows) out.push_back(std::move(parts));
  return out;
}

std::vector<Observation> resampled(const std::vector<std::vector<Observation>>& rows, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<Observation> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::vector<Observation>& parts = rows[rng.below(rows.size())];
    out.insert(out.end(), parts.begin(), parts.end());
  }
  return out;
}

std::vector<double> scatter_around(const Coordinates& centre, const std::vector<Coordinates>& points) {
  std::vector<double> matrix(kParameters * kParameters, 0.0);
  for (const Coordinates& z : points) {
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) {
        matrix[i * kParameters + j] +=
            (z[i] - centre[i]) * (z[j] - centre[j]) / static_cast<double>(points.size());
      }
    }
  }
  return matrix;
}

}  // namespace

void replace_by_bootstrap(std::span<const Observation> observations, const Priors& priors,
                          const PointEstimate& point, const predictor::FitOptions& options,
                          Uncertainty& uncertainty) {
  const std::vector<std::vector<Observation>> rows = by_row(observations);
  std::vector<Coordinates> refits(static_cast<std::size_t>(options.bootstrap), point.coordinates);
  parallel_for(refits.size(), options.run, [&](std::size_t i) {
    const std::vector<Observation> sample = resampled(rows, splitmix64(options.seed) + i);
    refits[i] = refine(sample, priors, point.coordinates, kRefitSteps).coordinates;
  });
  const std::vector<double>& laplace = uncertainty.covariance;
  const std::vector<double> left_by_priors =
      numerics::product(numerics::product(laplace, precision(priors), kParameters), laplace, kParameters);
  std::vector<double> covariance = scatter_around(point.coordinates, refits);
  for (std::size_t i = 0; i < covariance.size(); ++i) covariance[i] += left_by_priors[i];
  uncertainty.covariance = std::move(covariance);
}

}  // namespace energylens::parametric
