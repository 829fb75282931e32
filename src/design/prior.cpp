// SPDX-License-Identifier: Apache-2.0
// prior.cpp: a joint normal distribution over all places. A measurement subtracts c c' / (variance + noise)
// from the covariance, where c are the covariances of the place: O(n^2). Held by prior_test.cpp.
#include "design/prior.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "residual/fit.hpp"

namespace energylens::design {

Prior::Prior(residual::LogEnergies energies) : energies_(std::move(energies)) {}

std::span<const double> Prior::covariances(std::size_t place) const {
  const std::size_t n = energies_.mean.size();
  return std::span(energies_.covariance).subspan(place * n, n);
}

double Prior::contrast_variance(std::size_t a, std::size_t b) const {
  const double variance = covariances(a)[a] + covariances(b)[b] - 2 * covariances(a)[b];
  return std::max(variance, 0.0);
}

double Prior::precision(std::size_t place) const {
  const double variance = covariances(place)[place] + noise_variance();
  return variance > 0 ? 1 / variance : 0;
}

void Prior::measure(std::size_t place) {
  const std::vector<double> c(covariances(place).begin(), covariances(place).end());
  const double scale = precision(place);
  const std::size_t n = c.size();
  for (std::size_t a = 0; a < n; ++a) {
    const double factor = c[a] * scale;
    if (factor == 0) continue;
    for (std::size_t b = 0; b < n; ++b) energies_.covariance[a * n + b] -= factor * c[b];
  }
}

/// The covariance of all places and rows is kept; of more rows, so many that are spread evenly count.
constexpr std::size_t kMostConditions = 3000;

Prior prior_of(const Problem& problem, const DesignOptions& options) {
  if (problem.places.size() > kMostPlaces) {
    throw Error::usage(
        "the grid has " + std::to_string(problem.places.size()) + " configurations, but " +
        std::string(info(options.strategy).name) + " takes at most " + std::to_string(kMostPlaces) +
        "; give fewer values with --batch, --isl, --osl or --layouts, or use --strategy spread");
  }
  const table::Group group = measured_group(problem);
  const residual::CorrectedModel model =
      residual::fit(predictor::all_rows({&group, 1}), fit_options(options));
  // Conditions on all measured rows, also on outliers that law+residual excluded: another measurement next to
  // an outlier would add no information. Conditioning twice on the other rows changes little.
  std::vector<table::Configuration> all = problem.places;
  const std::size_t rows = problem.measured.size(), used = std::min(rows, kMostConditions);
  for (std::size_t i = 0; i < used; ++i) all.push_back(problem.measured[i * rows / used].config);
  Prior prior(model.log_energies(0, all));
  for (std::size_t place = problem.places.size(); place < all.size(); ++place) {
    if (prior.covers(place)) prior.measure(place);
  }
  return prior;
}

std::vector<double> served_weights(const Problem& problem) {
  std::vector<double> weights(problem.places.size(), 0.0);
  for (const WorkloadQuestion& question : problem.workload) {
    for (const std::size_t place : question.places) weights[place] += question.weight;
  }
  return weights;
}

}  // namespace energylens::design
