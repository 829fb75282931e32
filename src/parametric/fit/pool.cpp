// SPDX-License-Identifier: Apache-2.0
// Partial pooling as one maximum a posteriori problem. Coordinate j of group g has the prior
//   theta_gj ~ N(x_g . beta_j, spread_j^2),   beta_j ~ N(centre_j, feature_sd_j^2) per feature,
// so a group with many rows keeps its own numbers and one with few rows takes those of similar groups. The normal matrix is
// an arrow (a 12 x 12 block per group, a border for beta); numerics::minimise_grouped eliminates the blocks, and
// the same elimination gives each group's covariance and the trace of the hat matrix afterwards.
// Held by pool_test.cpp (one group alone, many rows: no pooling).
#include "parametric/fit/pool.hpp"

#include <algorithm>
#include <cmath>

#include "numerics/dense.hpp"
#include "numerics/summary.hpp"

namespace energylens::parametric {
namespace {

/// Standard deviation of a group's coordinate around the regression, docs/method/law.md (10).
constexpr Coordinates kJobSpread{0.5, 0.2, 0.3, 0.2, 0.8, 0.1, 0.1, 0.8, 0.15, 0.3, 0.1, 0.5};
constexpr Coordinates kServerSpread{0.5, 0.3, 0.7, 0.5, 0.8, 0.2, 0.1, 0.8, 0.1, 0.5, 0.1, 0.5};
/// Standard deviation of the priors of the regression: of its constant, and of the effect of a feature.
constexpr Coordinates kJobInterceptSd{3, 3, 1, 0.2, 3, 0.2, 0.3, 3, 0.2, 1, 0.2, 3};
constexpr Coordinates kServerInterceptSd{1, 3, 1, 1, 3, 0.3, 0.3, 3, 0.2, 1, 0.2, 3};
constexpr Coordinates kJobFeatureSd{1, 1, 0.3, 0.1, 1, 0.1, 0.1, 1, 0.1, 0.3, 0.1, 1};
constexpr Coordinates kServerFeatureSd{0.3, 1, 0.3, 0.3, 1, 0.1, 0.1, 1, 0.1, 0.3, 0.1, 1};

/// Where the coefficients of each coordinate stand in beta: scales depend on all features, the others on the
/// first few (the constant and the gpu).
class Regression {
 public:
  Regression(const PoolFeatures& features, Form form) : form_(form) {
    for (std::size_t j = 0; j < kParameters; ++j) {
      const bool scale = parameter_infos(form)[j].scale;
      first_[j + 1] = first_[j] + (scale ? features.values.front().size() : features.of_exponents);
    }
  }
  std::size_t size() const { return first_[kParameters]; }
  std::size_t features(std::size_t j) const { return first_[j + 1] - first_[j]; }
  std::size_t index(std::size_t j, std::size_t k) const { return first_[j] + k; }

  double spread(std::size_t j) const { return (form_ == Form::job ? kJobSpread : kServerSpread)[j]; }
  double sd(std::size_t j, std::size_t k) const {
    if (form_ == Form::server) return k == 0 ? kServerInterceptSd[j] : kServerFeatureSd[j];
    return k == 0 ? kJobInterceptSd[j] : kJobFeatureSd[j];
  }
  double value(std::span<const double> x, std::span<const double> beta, std::size_t j) const {
    double sum = 0;
    for (std::size_t k = 0; k < features(j); ++k) sum += x[k] * beta[index(j, k)];
    return sum;
  }

 private:
  Form form_;
  std::array<std::size_t, kParameters + 1> first_{};
};

/// Adds q * x x^T to the block of coordinates i and j.
void add_outer(const Regression& r, std::size_t i, std::size_t j, double q, std::span<const double> x,
               std::span<double> matrix) {
  for (std::size_t k = 0; k < r.features(i); ++k) {
    for (std::size_t m = 0; m < r.features(j); ++m)
      matrix[r.index(i, k) * r.size() + r.index(j, m)] += q * x[k] * x[m];
  }
}

/// x^T block x of coordinates i and j.
double inner(const Regression& r, std::size_t i, std::size_t j, std::span<const double> x,
             std::span<const double> matrix) {
  double sum = 0;
  for (std::size_t k = 0; k < r.features(i); ++k) {
    for (std::size_t m = 0; m < r.features(j); ++m)
      sum += x[k] * x[m] * matrix[r.index(i, k) * r.size() + r.index(j, m)];
  }
  return sum;
}

/// Everything the residuals need in addition to the coordinates.
struct Pool {
  std::span<const PoolGroup> groups;
  const PoolFeatures& features;
  Regression regression;
  Coordinates centres;  ///< what the intercepts are believed to be: median over the groups
};

/// The centres of the priors, median over the groups: the prior mean of each intercept of the regression.
Coordinates common_centre(std::span<const PoolGroup> groups) {
  Coordinates out{};
  for (std::size_t j = 0; j < kParameters; ++j) {
    std::vector<double> centres;
    for (const PoolGroup& group : groups) centres.push_back(centre(group.priors)[j]);
    out[j] = numerics::median(centres);
  }
  return out;
}

/// Residuals and Jacobians of one group: its observations, then its distance from the regression.
struct GroupResiduals {
  const Pool& pool;
  std::size_t g;
  bool hold;  ///< the batch exponent is at its bound

  bool operator()(std::span<const double> own, std::span<const double> beta, std::span<double> f,
                  std::span<double> by_own, std::span<double> by_beta) const {
    const PoolGroup& group = pool.groups[g];
    const std::size_t n = group.observations.size(), rows = n + kParameters;
    Coordinates z;
    std::copy(own.begin(), own.end(), z.begin());
    std::fill(by_own.begin(), by_own.end(), 0.0);
    if (!data_residuals(group.observations, group.priors.loss, z, f.first(n), by_own, rows)) return false;
    for (std::size_t j = 0; j < kParameters; ++j) {
      f[n + j] = (z[j] - pool.regression.value(pool.features.values[g], beta, j)) / pool.regression.spread(j);
    }
    if (!by_own.empty()) store_priors(n, rows, by_own, by_beta);
    return true;
  }

  void store_priors(std::size_t n, std::size_t rows, std::span<double> by_own,
                    std::span<double> by_beta) const {
    const std::vector<double>& x = pool.features.values[g];
    std::fill(by_beta.begin(), by_beta.end(), 0.0);
    for (std::size_t j = 0; j < kParameters; ++j) {
      by_own[j * rows + n + j] = 1 / pool.regression.spread(j);
      for (std::size_t k = 0; k < pool.regression.features(j); ++k) {
        by_beta[pool.regression.index(j, k) * rows + n + j] = -x[k] / pool.regression.spread(j);
      }
    }
    if (hold) std::fill_n(by_own.begin() + static_cast<std::ptrdiff_t>(B4 * rows), rows, 0.0);
  }
};

numerics::Problem beta_priors(const Pool& pool) {
  const std::size_t n = pool.regression.size();
  return {n, n, [&pool, n](std::span<const double> beta, std::span<double> f, std::span<double> jacobian) {
            for (std::size_t j = 0; j < kParameters; ++j) {
              for (std::size_t k = 0; k < pool.regression.features(j); ++k) {
                const std::size_t i = pool.regression.index(j, k);
                f[i] = (beta[i] - (k == 0 ? pool.centres[j] : 0)) / pool.regression.sd(j, k);
                if (!jacobian.empty()) jacobian[i * n + i] = 1 / pool.regression.sd(j, k);
              }
            }
            return true;
          }};
}

numerics::GroupedProblem problem_of(const Pool& pool, const std::vector<bool>& held) {
  numerics::GroupedProblem problem;
  problem.shared = pool.regression.size();
  problem.shared_prior = beta_priors(pool);
  for (std::size_t g = 0; g < pool.groups.size(); ++g) {
    problem.groups.push_back(
        {kParameters, pool.groups[g].observations.size() + kParameters, GroupResiduals{pool, g, held[g]}});
  }
  return problem;
}

std::vector<double> starting_point(const Pool& pool) {
  std::vector<double> x;
  for (const PoolGroup& group : pool.groups) {
    const Coordinates own = centre(group.priors);
    x.insert(x.end(), own.begin(), own.end());
  }
  for (std::size_t j = 0; j < kParameters; ++j) {
    x.push_back(pool.centres[j]);
    x.insert(x.end(), pool.regression.features(j) - 1, 0.0);
  }
  return x;
}

/// Fits, then holds at its bound every batch exponent that broke it, until none does.
numerics::Report fit_within_bounds(const Pool& pool, std::vector<bool>& held,
                                   const numerics::Options& options) {
  std::vector<double> x = starting_point(pool);
  for (;;) {
    const numerics::GroupedProblem problem = problem_of(pool, held);
    numerics::Report report = numerics::minimise_grouped(problem, x, options);
    bool moved = false;
    for (std::size_t g = 0; g < pool.groups.size(); ++g) {
      double& exponent = report.x[g * kParameters + B4];
      if (exponent >= 0 && exponent <= 1) continue;
      exponent = std::clamp(exponent, 0.0, 1.0);
      held[g] = moved = true;
    }
    if (!moved || !report.usable()) return report;
    x = report.x;
  }
}

/// The priors with which a pooled group's own uncertainty is computed: centred on the fitted regression.
Priors priors_around(const Pool& pool, std::size_t g, std::span<const double> beta) {
  Priors priors{pool.groups[g].priors.loss, {}};
  for (std::size_t j = 0; j < kParameters; ++j) {
    priors.terms.push_back(
        {j, kParameters, pool.regression.value(pool.features.values[g], beta, j), pool.regression.spread(j)});
  }
  return priors;
}

/// The information of one group, and its inverse together with the regression.
struct Eliminated {
  std::vector<double> data;     ///< H, J^T W J / s^2
  std::vector<double> inverse;  ///< A^-1, A = H + L, L = diag(1 / spread^2)
};

Eliminated eliminate(const Regression& regression, const Uncertainty& u) {
  std::vector<double> with_priors = u.information;
  for (std::size_t j = 0; j < kParameters; ++j)
    with_priors[j * kParameters + j] += 1 / (regression.spread(j) * regression.spread(j));
  return {u.information, numerics::invert_spd(with_priors, kParameters)};
}

/// Inverse of the border after elimination: the covariance of beta.
std::vector<double> beta_covariance(const Pool& pool, const std::vector<Eliminated>& groups) {
  const std::size_t n = pool.regression.size();
  std::vector<double> schur(n * n, 0.0);
  for (std::size_t j = 0; j < kParameters; ++j) {
    for (std::size_t k = 0; k < pool.regression.features(j); ++k) {
      const double sd = pool.regression.sd(j, k);
      schur[pool.regression.index(j, k) * (n + 1)] = 1 / (sd * sd);
    }
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<double>& x = pool.features.values[g];
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) {
        const double li = 1 / std::pow(pool.regression.spread(i), 2),
                     lj = 1 / std::pow(pool.regression.spread(j), 2);
        const double q = (i == j ? li : 0) - li * groups[g].inverse[i * kParameters + j] * lj;
        add_outer(pool.regression, i, j, q, x, schur);
      }
    }
  }
  return numerics::invert_spd(schur, n);
}

/// Covariance of one group's coordinates: its own, and what it inherits from the regression.
std::vector<double> group_covariance(const Pool& pool, std::size_t g, const Eliminated& group,
                                     std::span<const double> beta_covariance) {
  std::vector<double> gain(kParameters * kParameters), inherited(kParameters * kParameters, 0.0);
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j) {
      gain[i * kParameters + j] = group.inverse[i * kParameters + j] / std::pow(pool.regression.spread(j), 2);
      inherited[i * kParameters + j] = inner(pool.regression, i, j, pool.features.values[g], beta_covariance);
    }
  }
  std::vector<double> out = group.inverse;
  for (std::size_t i = 0; i < kParameters; ++i) {
    for (std::size_t j = 0; j < kParameters; ++j) {
      for (std::size_t a = 0; a < kParameters; ++a) {
        for (std::size_t b = 0; b < kParameters; ++b)
          out[i * kParameters + j] +=
              gain[i * kParameters + a] * inherited[a * kParameters + b] * gain[j * kParameters + b];
      }
    }
  }
  return out;
}

void judge_together(const Pool& pool, PoolEstimate& estimate) {
  std::vector<Eliminated> groups;
  for (const Uncertainty& u : estimate.uncertainties) groups.push_back(eliminate(pool.regression, u));
  const std::vector<double> border = beta_covariance(pool, groups);
  estimate.effective_parameters = 0;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Uncertainty& u = estimate.uncertainties[g];
    u.covariance = group_covariance(pool, g, groups[g], border);
    u.effective_parameters = numerics::trace_of_product(groups[g].data, u.covariance);
    estimate.effective_parameters += u.effective_parameters;
  }
}

}  // namespace

PoolEstimate estimate_pooled(std::span<const PoolGroup> groups, const PoolFeatures& features,
                             const CancelToken* cancel) {
  numerics::Options options;
  options.max_steps = 200;
  options.cost_tolerance = 1e-6;
  options.initial_radius = 100;
  options.cancel = cancel;
  const Pool pool{groups, features, Regression(features, form_of(groups.front().observations)),
                  common_centre(groups)};
  std::vector<bool> held(groups.size(), false);
  const numerics::Report report = fit_within_bounds(pool, held, options);
  const std::span<const double> beta = std::span(report.x).subspan(groups.size() * kParameters);
  PoolEstimate out;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    PointEstimate point;
    std::copy_n(report.x.begin() + static_cast<std::ptrdiff_t>(g * kParameters), kParameters,
                point.coordinates.begin());
    point.why = report.why;
    point.cost = report.cost_end;
    point.batch_exponent_at_bound = held[g];
    out.uncertainties.push_back(uncertainty_of(groups[g].observations, priors_around(pool, g, beta), point));
    out.groups.push_back(point);
  }
  judge_together(pool, out);
  return out;
}

}  // namespace energylens::parametric
