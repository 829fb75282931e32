// SPDX-License-Identifier: Apache-2.0
// Energy and time as two functions of one set of constants. Where energy is power times time, each row gives two
// equations, and a time that holds for a layout or a batch that was not measured then holds for its energy as well. Maximum a posteriori as in estimate.cpp, each group alone; times count for half. Rows far off pull
// less than in a fit of one target: beyond the batches of the rows, the trend of most rows counts, not
// the steps of single kernels. Held by joint_test.cpp.
#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "parametric/fit/estimate_structure.hpp"
#include "parametric/fit/information.hpp"
#include "predictor/spread.hpp"

namespace energylens::parametric {
namespace {

constexpr double kJointKnee = 0.4;   // of residuals, in units of their scale
constexpr double kTimeWeight = 0.5;  // of a residual of time against one of energy

/// Residuals of energies, of times, then one per prior.
numerics::Problem alone(const JointTask& task, std::size_t group, const NormalPriors& priors) {
  const std::size_t n = priors.mean.size(), energies = task.energy.groups[group].rows.rows();
  const std::size_t times = task.time.groups[group].rows.rows(), all = energies + times + n;
  return {n, all,
          [=, &task, &priors](std::span<const double> z, std::span<double> f, std::span<double> jacobian) {
            const bool slopes = !jacobian.empty();
            const Residuals e = residuals_of(task.energy, group, z, slopes, kJointKnee);
            const Residuals t = residuals_of(task.time, group, of_time(task, z), slopes, kJointKnee);
            std::ranges::copy(e.value, f.begin());
            for (std::size_t i = 0; i < times; ++i) f[energies + i] = kTimeWeight * t.value[i];
            for (std::size_t k = 0; k < n; ++k)
              f[energies + times + k] = (z[k] - priors.mean[k]) / priors.sd[k];
            std::ranges::fill(jacobian, 0.0);
            for (std::size_t k = 0; slopes && k < n; ++k) {
              std::ranges::copy(e.slopes[k], jacobian.begin() + static_cast<std::ptrdiff_t>(k * all));
              jacobian[k * all + energies + times + k] = 1 / priors.sd[k];
            }
            for (std::size_t k = 0; k < t.slopes.size(); ++k) {
              for (std::size_t i = 0; i < times; ++i)
                jacobian[task.place[k] * all + energies + i] = kTimeWeight * t.slopes[k][i];
            }
            return e.finite && t.finite;
          }};
}

/// Information of time, in the coordinates of energy.
Matrix spread_out(const JointTask& task, const Matrix& of_time, std::size_t n) {
  const std::size_t m = task.place.size();
  Matrix out(n * n, 0.0);
  for (std::size_t a = 0; a < m; ++a) {
    for (std::size_t b = 0; b < m; ++b) out[task.place[a] * n + task.place[b]] = of_time[a * m + b];
  }
  return out;
}

Matrix picked(const JointTask& task, const Matrix& of_energy, std::size_t n) {
  const std::size_t m = task.place.size();
  Matrix out(m * m);
  for (std::size_t a = 0; a < m; ++a) {
    for (std::size_t b = 0; b < m; ++b) out[a * m + b] = of_energy[task.place[a] * n + task.place[b]];
  }
  return out;
}

}  // namespace

std::vector<double> of_time(const JointTask& task, std::span<const double> energy) {
  std::vector<double> out;
  for (const std::size_t k : task.place) out.push_back(energy[k]);
  return out;
}

std::vector<std::vector<double>> estimate(const JointTask& task, const predictor::FitOptions& options) {
  std::vector<std::vector<double>> out;
  for (std::size_t g = 0; g < task.energy.groups.size(); ++g) {
    const NormalPriors priors = priors_of(task.energy, g);
    out.push_back(best_of_starts(alone(task, g, priors), task.energy, priors, options));
  }
  return out;
}

JointFits describe(const JointTask& task, const std::vector<std::vector<double>>& coordinates) {
  JointFits out;
  for (std::size_t g = 0; g < coordinates.size(); ++g) {
    const std::size_t n = coordinates[g].size();
    const std::vector<double> timed = of_time(task, coordinates[g]);
    const Information energy = information_of(task.energy, g, coordinates[g]);
    const Information time = information_of(task.time, g, timed);
    Matrix all = with_priors(energy.data, spread_of(energy), priors_of(task.energy, g));
    if (!time.residuals.empty()) {
      const double variance = spread_of(time) * spread_of(time);
      const Matrix more = spread_out(task, time.data, n);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] += more[i] / variance;
    }
    const Matrix covariance = numerics::invert_spd(all, n);
    out.energy.push_back(
        target_fit(energy, from_coordinates(task.energy.structure, coordinates[g]), covariance));
    out.time.emplace_back();
    if (!time.residuals.empty())
      out.time.back() =
          target_fit(time, from_coordinates(task.time.structure, timed), picked(task, covariance, n));
  }
  return out;
}

}  // namespace energylens::parametric
