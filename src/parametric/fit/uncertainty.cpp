// SPDX-License-Identifier: Apache-2.0
// The Laplace approximation around the estimate, docs/method/uncertainty.md (12): covariance = (J^T W J / s^2 + P)^-1 with P the
// precision of the priors and s the spread of the residuals under the robust loss: far residuals pull at the
// parameters with a bounded force (Huber, Robust Statistics, 1981, section 7.6).
// What one more row would differ by is another spread, residual_sd: it is read from the 90 % quantile of the residuals,
// because 90 % intervals of predictions refer to it. For a smooth law on real kernels both are misfit more than
// noise; both are shrunk towards kTypicalSpread with the weight of kPriorRows rows, so that few rows give wide intervals
// instead of none.
// What the data determine is read from the data alone: eigenvalues above one of J^T W J / s^2. Along such a direction a
// scale is known within a factor of e, or an exponent or share within 1, which separates proportional growth from none.
// Held by uncertainty_test.cpp (coverage over simulated data sets, rank of known designs).
#include "parametric/fit/uncertainty.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "numerics/dense.hpp"
#include "numerics/summary.hpp"
#include "predictor/spread.hpp"

namespace energylens::parametric {
namespace {

constexpr double kPriorRows = predictor::kPriorRows, kTypicalSpread = predictor::kTypicalSpread;
/// A parameter of which more than this share lies in unresolved directions is not determined.
constexpr double kNotableShare = 0.25;
constexpr double kNormalMedian = 1.4826;  // sd of a normal distribution over its median distance from 0
constexpr double kLeastSlope = 0.1, kMostCorrection = 1.5;

/// Spread of residuals as they act on the parameters: sqrt(E psi^2) / E psi' with psi the derivative of the loss, weighted
/// as the fit weighs, and Huber's correction for the part of psi' that is due to fitting. Not below the spread of the
/// bulk: where most rows are far off, psi' does not describe how they scatter.
double acting_spread(std::span<const Observation> observations, std::span<const double> residuals,
                     const numerics::RobustLoss& loss, double spent) {
  const double n = static_cast<double>(residuals.size());
  double weights = 0, squares = 0, slopes = 0, slopes_squared = 0;
  std::vector<double> distances;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    const numerics::RobustResidual soft(residuals[i], loss_of(observations[i], loss));
    const double weight = observations[i].weight;
    weights += weight;
    squares += weight * soft.influence * soft.influence;
    slopes += weight * soft.influence_slope;
    slopes_squared += weight * soft.influence_slope * soft.influence_slope;
    distances.push_back(std::sqrt(weight) * std::abs(residuals[i]));
  }
  const double slope = std::max(slopes / weights, kLeastSlope),
               variance = slopes_squared / weights - slope * slope;
  const double correction =
      std::min(1 + spent / n * std::max(variance, 0.0) / (slope * slope), kMostCorrection);
  const double bulk = kNormalMedian * numerics::median(distances);
  return predictor::shrunk_spread(std::max(correction * std::sqrt(squares / weights) / slope, bulk), n,
                                  spent);
}

/// Residual of whole rows: of two phases the mean weighted by their shares, which is that of the sum to first order.
std::vector<double> row_residuals(std::span<const Observation> observations,
                                  std::span<const double> residuals) {
  std::map<std::size_t, double> sums;
  for (std::size_t i = 0; i < residuals.size(); ++i)
    sums[observations[i].row] += observations[i].share * residuals[i];
  std::vector<double> out;
  for (const auto& [row, sum] : sums) out.push_back(sum);
  return out;
}

std::vector<double> part_residuals(std::span<const Observation> observations,
                                   std::span<const double> residuals, Part part) {
  std::vector<double> out;
  for (std::size_t i = 0; i < residuals.size(); ++i) {
    if (observations[i].part == part) out.push_back(residuals[i]);
  }
  return out;
}

std::vector<double> scaled(std::vector<double> matrix, double factor) {
  for (double& element : matrix) element *= factor;
  return matrix;
}

std::vector<double> sum_of(std::vector<double> a, std::span<const double> b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

/// The information about shares and exponents themselves, where their logarithms are fitted: a share known within 1
/// is known as well as an exponent is, while one near 0 has a logarithm that nothing determines.
std::vector<double> of_plain_shares(std::vector<double> information, const Coordinates& z, Form form) {
  const auto unit = [&](std::size_t j) {
    const ParameterInfo& info = parameter_infos(form)[j];
    return info.positive && !info.scale ? std::exp(-z[j]) : 1;
  };
  for (std::size_t j = 0; j < kParameters; ++j) {
    for (std::size_t k = 0; k < kParameters; ++k) information[j * kParameters + k] *= unit(j) * unit(k);
  }
  return information;
}

/// Directions that the data alone resolve, and the others.
void judge_directions(const Coordinates& z, Form form, Uncertainty& out) {
  const numerics::SymmetricEigen eigen =
      numerics::symmetric_eigen(of_plain_shares(out.information, z, form), kParameters);
  Coordinates left{};
  for (std::size_t m = 0; m < kParameters; ++m) {
    if (eigen.values[m] > 1) {
      ++out.rank;
      continue;
    }
    Coordinates direction;
    std::copy_n(eigen.vectors.begin() + static_cast<std::ptrdiff_t>(m * kParameters), kParameters,
                direction.begin());
    for (std::size_t j = 0; j < kParameters; ++j) left[j] += direction[j] * direction[j];
    out.undetermined.push_back(direction);
  }
  for (std::size_t j = 0; j < kParameters; ++j) out.determined[j] = left[j] < kNotableShare;
}

/// Trace of the hat matrix, tr(H (H + P)^-1).
double effective_parameters(std::span<const double> information, std::span<const double> prior) {
  const std::vector<double> covariance =
      numerics::invert_spd(sum_of({information.begin(), information.end()}, prior), kParameters);
  return numerics::trace_of_product(information, covariance);
}

}  // namespace

std::vector<double> log_residuals(std::span<const Observation> observations, const Coordinates& z) {
  const Parameters parameters = parameters_at(z, form_of(observations));
  std::vector<double> out;
  for (const Observation& o : observations) {
    out.push_back(o.log_measured - std::log(predicted(evaluate(parameters, o.terms), o)));
  }
  return out;
}

std::vector<double> information(std::span<const Observation> observations, const Coordinates& z) {
  const Parameters parameters = parameters_at(z, form_of(observations));
  std::vector<double> matrix(kParameters * kParameters, 0.0);
  PhaseGradients g;
  for (const Observation& o : observations) {
    const Phases phases = evaluate(parameters, o.terms, g);
    const bool prefill = o.part != Part::decode, decode = o.part != Part::prefill;
    const double value = (prefill ? phases.prefill : 0) + (decode ? phases.decode : 0);
    Coordinates row;
    for (std::size_t j = 0; j < kParameters; ++j)
      row[j] = ((prefill ? g.prefill[j] : 0) + (decode ? g.decode[j] : 0)) / value;
    for (std::size_t j = 0; j < kParameters; ++j) {
      for (std::size_t k = 0; k < kParameters; ++k) matrix[j * kParameters + k] += o.weight * row[j] * row[k];
    }
  }
  return matrix;
}

Uncertainty uncertainty_of(std::span<const Observation> observations, const Priors& priors,
                           const PointEstimate& fit) {
  Uncertainty out;
  const std::vector<double> residuals = log_residuals(observations, fit.coordinates);
  const std::vector<double> rows = row_residuals(observations, residuals);
  const std::vector<double> prior = precision(priors), data = information(observations, fit.coordinates);
  const double spent = effective_parameters(scaled(data, 1 / (kTypicalSpread * kTypicalSpread)), prior);
  out.rows = rows.size();
  out.residual_sd = predictor::row_spread(rows, spent);
  out.degrees_of_freedom = std::max(static_cast<double>(rows.size()) - spent, 0.0) + kPriorRows;
  const auto part_sd = [&](Part part) {
    const std::vector<double> parts = part_residuals(observations, residuals, part);
    return parts.empty() ? kUnknown : predictor::row_spread(parts, 0);
  };
  out.prefill_sd = part_sd(Part::prefill);
  out.decode_sd = part_sd(Part::decode);
  out.mape = 0;
  for (const double r : rows) out.mape += std::abs(std::exp(-r) - 1) / static_cast<double>(rows.size());

  const double acting = acting_spread(observations, residuals, priors.loss, spent);
  out.information = scaled(data, 1 / (acting * acting));
  judge_directions(fit.coordinates, form_of(observations), out);
  out.effective_parameters = effective_parameters(out.information, prior);
  out.covariance = numerics::invert_spd(sum_of(out.information, prior), kParameters);
  return out;
}

std::vector<double> moved_to_origin(std::span<const double> covariance, const Reference& reference,
                                    Form form) {
  std::vector<double> shift(kParameters * kParameters, 0.0), transposed(kParameters * kParameters, 0.0);
  for (std::size_t j = 0; j < kParameters; ++j) {
    Coordinates unit{};
    unit[j] = 1;
    const Coordinates column = moved_to_origin(unit, reference, form);
    for (std::size_t i = 0; i < kParameters; ++i)
      shift[i * kParameters + j] = transposed[j * kParameters + i] = column[i];
  }
  return numerics::product(numerics::product(shift, covariance, kParameters), transposed, kParameters);
}

}  // namespace energylens::parametric
