// SPDX-License-Identifier: Apache-2.0
// d_optimal.cpp: the parameters of the law have a covariance, from priors and rows. A measurement whose
// ln(energy) has the gradient g shrinks the volume of their uncertainty by the factor 1 + g' C g / s^2
// (matrix determinant lemma), so the candidate of the largest g' C g comes next, and C changes by it
// (Chaloner and Verdinelli 1995, Bayesian D-optimality, greedy). Held by optimal_test.cpp.
#include <cmath>
#include <numeric>
#include <optional>

#include "design/pickers.hpp"
#include "energylens/parametric/fit.hpp"

namespace energylens::design {
namespace {

constexpr std::size_t K = parametric::kParameters;

/// By place; empty where the law predicts no energy.
std::vector<std::vector<double>> gradients(const parametric::LawModel& law, const Problem& problem) {
  std::vector<std::vector<double>> out(problem.places.size());
  for (const std::size_t place : problem.candidates) {
    table::Configuration config = problem.places[place];
    const predictor::Prediction prediction = law.predict(0, config);
    if (!prediction.valid) continue;
    config.kv_capacity_tokens = prediction.kv_capacity_tokens;
    config.kv_block_tokens = prediction.kv_block_tokens;
    std::optional<predictor::Breakdown> breakdown = law.breakdown(0, config);
    if (breakdown) out[place] = std::move(breakdown->log_gradient);
  }
  return out;
}

/// C g.
std::vector<double> product(std::span<const double> matrix, std::span<const double> vector) {
  std::vector<double> out;
  for (std::size_t i = 0; i < K; ++i) {
    const std::span<const double> row = matrix.subspan(i * K, K);
    out.push_back(std::inner_product(row.begin(), row.end(), vector.begin(), 0.0));
  }
  return out;
}

/// g' C g.
double variance(std::span<const double> matrix, std::span<const double> gradient) {
  const std::vector<double> moved = product(matrix, gradient);
  return std::inner_product(moved.begin(), moved.end(), gradient.begin(), 0.0);
}

void condition(std::vector<double>& covariance, std::span<const double> gradient, double noise_variance) {
  const std::vector<double> moved = product(covariance, gradient);
  const double scale = 1 / (variance(covariance, gradient) + noise_variance);
  for (std::size_t i = 0; i < K; ++i) {
    for (std::size_t j = 0; j < K; ++j) covariance[i * K + j] -= scale * moved[i] * moved[j];
  }
}

}  // namespace

void pick_d_optimal(Picking& picking) {
  const table::Group group = measured_group(picking.problem);
  const parametric::LawModel law = picking.options.law ? *picking.options.law
                                                       : parametric::fit_law(predictor::all_rows({&group, 1}),
                                                                             fit_options(picking.options));
  const parametric::LawFit& fit = *law.laws()[0].energy;
  const std::vector<std::vector<double>> gradient = gradients(law, picking.problem);
  std::vector<double> covariance = fit.covariance;
  while (!picking.done()) {
    std::optional<std::size_t> best;
    double most = 0;
    for (const std::size_t place : picking.problem.candidates) {
      if (!picking.open[place] || gradient[place].empty()) continue;
      const double gain = variance(covariance, gradient[place]);
      if (best && gain <= most) continue;
      best = place;
      most = gain;
    }
    if (!best) return;
    condition(covariance, gradient[*best], std::pow(fit.residual_sd, 2));
    picking.pick(*best);
  }
}

}  // namespace energylens::design
