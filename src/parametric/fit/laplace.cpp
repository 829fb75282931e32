// SPDX-License-Identifier: Apache-2.0
// uncertainty.cpp: the Laplace approximation around the estimate, as for the law (docs/method/uncertainty.md (12)). With
// constants that groups share the information has the shape of an arrow: S = sum (H_ss - H_so H_oo^-1 H_os)
// is what is known of the shared ones, and what a group knows of its own widens by what is not known of them.
// Held by fit_test.cpp.
#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "parametric/fit/information.hpp"
#include "predictor/spread.hpp"

namespace energylens::parametric {

Information information_of(const Task& task, std::size_t group, std::span<const double> coordinates) {
  const TrainingRows& training = task.groups[group];
  const std::size_t n = coordinates.size();
  const std::vector<double> constants = from_coordinates(task.structure, coordinates);
  const std::vector<double> predicted = task.programs.values(training.rows, constants);
  const std::vector<std::vector<double>> slopes = task.programs.slopes(training.rows, constants);
  Information out{Matrix(n * n, 0.0), {}};
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    out.residuals.push_back(training.log_measured[i] - std::log(predicted[i]));
    const double scale = training.weight[i] / (predicted[i] * predicted[i]);
    for (std::size_t a = 0; a < n; ++a) {
      for (std::size_t b = 0; b < n; ++b) out.data[a * n + b] += scale * slopes[a][i] * slopes[b][i];
    }
  }
  return out;
}

Matrix with_priors(const Matrix& data, double spread, const NormalPriors& priors) {
  const std::size_t n = priors.sd.size();
  Matrix out = data;
  for (double& element : out) element /= spread * spread;
  for (std::size_t k = 0; k < n; ++k) out[k * n + k] += 1 / (priors.sd[k] * priors.sd[k]);
  return out;
}

namespace {

double rms(const std::vector<double>& residuals) {
  double sum = 0;
  for (const double r : residuals) sum += r * r;
  return residuals.empty() ? 0 : std::sqrt(sum / static_cast<double>(residuals.size()));
}

/// Adds to `information` what the other groups know of the shared constants, having found out their own.
void add_shared_knowledge(const predictor::Structure& structure, const Matrix& other, Matrix& information) {
  const std::size_t n = structure.constants.size();
  std::vector<std::size_t> own, shared;
  for (std::size_t k = 0; k < n; ++k) (structure.constants[k].per_group ? own : shared).push_back(k);
  Matrix of_own(own.size() * own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (std::size_t j = 0; j < own.size(); ++j) of_own[i * own.size() + j] = other[own[i] * n + own[j]];
  }
  const Matrix inverse = own.empty() ? Matrix() : numerics::invert_spd(of_own, own.size());
  for (const std::size_t a : shared) {
    for (const std::size_t b : shared) {
      double known = other[a * n + b];
      for (std::size_t i = 0; i < own.size(); ++i) {
        for (std::size_t j = 0; j < own.size(); ++j)
          known -= other[a * n + own[i]] * inverse[i * own.size() + j] * other[own[j] * n + b];
      }
      information[a * n + b] += known;
    }
  }
}

double mape_of(const std::vector<double>& residuals) {
  double sum = 0;
  for (const double r : residuals) sum += std::abs(std::exp(-r) - 1);
  return sum / static_cast<double>(residuals.size());
}

}  // namespace

double spread_of(const Information& information) {
  return predictor::shrunk_spread(rms(information.residuals),
                                  static_cast<double>(information.residuals.size()), 0);
}

StructureFit target_fit(const Information& information, std::vector<double> constants, Matrix covariance) {
  StructureFit fit;
  const double spread = spread_of(information);
  fit.constants = std::move(constants);
  fit.covariance = std::move(covariance);
  fit.effective_parameters = numerics::trace_of_product(information.data, fit.covariance) / (spread * spread);
  fit.rows = information.residuals.size();
  fit.residual_sd = predictor::row_spread(information.residuals, fit.effective_parameters);
  fit.degrees_of_freedom =
      std::max(static_cast<double>(fit.rows) - fit.effective_parameters, 0.0) + predictor::kPriorRows;
  fit.mape = mape_of(information.residuals);
  return fit;
}

std::vector<StructureFit> describe(const Task& task, const std::vector<std::vector<double>>& coordinates,
                                   bool shared) {
  std::vector<Information> seen;
  std::vector<Matrix> certain;  // what each group knows
  for (std::size_t g = 0; g < task.groups.size(); ++g) {
    seen.push_back(information_of(task, g, coordinates[g]));
    certain.push_back(with_priors(seen[g].data, spread_of(seen[g]), priors_of(task, g)));
  }
  std::vector<StructureFit> out;
  for (std::size_t g = 0; g < task.groups.size(); ++g) {
    Matrix all = certain[g];
    for (std::size_t other = 0; shared && other < task.groups.size(); ++other) {
      if (other != g) add_shared_knowledge(task.structure, certain[other], all);
    }
    out.push_back(target_fit(seen[g], from_coordinates(task.structure, coordinates[g]),
                             numerics::invert_spd(all, coordinates[g].size())));
  }
  return out;
}

double effective_parameters(const std::vector<StructureFit>& fits) {
  double sum = 0;
  for (const StructureFit& fit : fits) sum += fit.effective_parameters;
  return sum;
}

}  // namespace energylens::parametric
