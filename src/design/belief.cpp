// SPDX-License-Identifier: Apache-2.0
// belief.cpp: a joint normal distribution over all places. A measurement takes c c' / (variance + noise) from
// the covariance, c being the covariances of the place: O(n^2). Held by belief_test.cpp.
#include "design/belief.hpp"

#include <algorithm>

#include "energylens/core/error.hpp"
#include "energylens/residual/fit.hpp"

namespace energylens::design {

Belief::Belief(residual::LogEnergies energies) : energies_(std::move(energies)) {}

std::span<const double> Belief::covariances(std::size_t place) const {
  const std::size_t n = energies_.mean.size();
  return std::span(energies_.covariance).subspan(place * n, n);
}

double Belief::contrast_variance(std::size_t a, std::size_t b) const {
  const double variance = covariances(a)[a] + covariances(b)[b] - 2 * covariances(a)[b];
  return std::max(variance, 0.0);
}

double Belief::precision(std::size_t place) const {
  const double variance = covariances(place)[place] + noise_variance();
  return variance > 0 ? 1 / variance : 0;
}

void Belief::measure(std::size_t place) {
  const std::vector<double> c(covariances(place).begin(), covariances(place).end());
  const double scale = precision(place);
  const std::size_t n = c.size();
  for (std::size_t a = 0; a < n; ++a) {
    const double factor = c[a] * scale;
    if (factor == 0) continue;
    for (std::size_t b = 0; b < n; ++b) energies_.covariance[a * n + b] -= factor * c[b];
  }
}

Belief belief_of(const Problem& problem, const Options& options) {
  if (problem.places.size() > kMostPlaces) {
    throw Error::usage("a grid of " + std::to_string(problem.places.size()) +
                       " configurations is more than " + std::string(info(options.strategy).name) +
                       " takes (" + std::to_string(kMostPlaces) +
                       "): say fewer values by --batch, --isl, --osl or --layouts, or use --strategy spread");
  }
  const table::Group group = measured_group(problem);
  const residual::CorrectedModel model =
      residual::fit(predictor::all_rows({&group, 1}), fit_options(options));
  // A row that law+residual set aside as contradicting the others taught it nothing, but measuring beside it
  // again would teach no more; to learn a row twice changes little.
  std::vector<table::Configuration> all = problem.places;
  for (const table::Row& row : problem.measured) all.push_back(row.config);
  Belief belief(model.log_energies(0, all));
  for (std::size_t place = problem.places.size(); place < all.size(); ++place) {
    if (belief.knows(place)) belief.measure(place);
  }
  return belief;
}

std::vector<double> served_weights(const Problem& problem) {
  std::vector<double> weights(problem.places.size(), 0.0);
  for (const Question& question : problem.workload) {
    for (const std::size_t place : question.places) weights[place] += question.weight;
  }
  return weights;
}

}  // namespace energylens::design
