// SPDX-License-Identifier: Apache-2.0
// The posterior of a Gaussian process by one Cholesky factor L of K + noise: mean k' a with a = K^-1 y,
// variance k(x,x) - |L^-1 k|^2. Hyperparameters are those with the least
//     1/2 y' K^-1 y + 1/2 ln|K| + 1/2 sum ((ln v - ln median) / log_sd)^2,
// whose gradient is 1/2 tr((K^-1 - a a') dK/d ln v): O(n^3) each time. Held by process_test.cpp.
#include "numerics/gaussian_process.hpp"

#include <Eigen/Cholesky>
#include <cassert>
#include <cmath>

#include "numerics/bfgs.hpp"
#include "numerics/gp_kernel.hpp"

namespace energylens::numerics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Of the largest variance: keeps the factor finite where observations repeat each other and noise is tiny.
constexpr double kJitter = 1e-10;

VectorXd values_of(const std::vector<Observation>& observations) {
  VectorXd y(static_cast<Index>(observations.size()));
  for (std::size_t i = 0; i < observations.size(); ++i) y[static_cast<Index>(i)] = observations[i].value;
  return y;
}

/// Lower triangle of K with the noise on its diagonal.
MatrixXd covariance_of(const std::vector<Observation>& observations, const Kernel& kernel, double noise_sd) {
  const auto n = static_cast<Index>(observations.size());
  MatrixXd k(n, n);
  for (std::size_t j = 0; j < observations.size(); ++j) {
    for (std::size_t i = j; i < observations.size(); ++i) {
      k(static_cast<Index>(i), static_cast<Index>(j)) =
          kernel.covariance(observations[i].at, observations[j].at);
    }
  }
  const double jitter = n > 0 ? kJitter * k.diagonal().maxCoeff() : 0;
  k.diagonal().array() += noise_sd * noise_sd + jitter;
  return k;
}

/// Minus the logarithm of the posterior of the hyperparameters, in units of their priors: z = (ln v - ln
/// median) / log_sd.
class Evidence {
 public:
  Evidence(const Prior& prior, const std::vector<Observation>& observations)
      : prior_(prior), observations_(observations), y_(values_of(observations)) {
    for (std::size_t h = 0; h < prior.hyperparameters.size(); ++h) {
      if (prior.hyperparameters[h].log_sd > 0) free_.push_back(h);
    }
  }

  std::size_t free() const { return free_.size(); }

  std::vector<double> values_at(std::span<const double> z) const {
    std::vector<double> values;
    for (const Belief& belief : prior_.hyperparameters) values.push_back(belief.median);
    for (std::size_t f = 0; f < free_.size(); ++f) {
      values[free_[f]] *= std::exp(z[f] * prior_.hyperparameters[free_[f]].log_sd);
    }
    return values;
  }

  double operator()(std::span<const double> z, std::span<double> gradient) const {
    const std::vector<double> values = values_at(z);
    const Kernel kernel(prior_.terms, values);
    const double noise = values[prior_.noise];
    const Eigen::LLT<MatrixXd> factor(covariance_of(observations_, kernel, noise));
    if (factor.info() != Eigen::Success) return std::nan("");
    const VectorXd a = factor.solve(y_);
    double cost = y_.dot(a) / 2 + factor.matrixLLT().diagonal().array().log().sum();
    const std::vector<double> slopes = slopes_of(kernel, factor, a, noise);
    for (std::size_t f = 0; f < free_.size(); ++f) {
      cost += z[f] * z[f] / 2;
      gradient[f] = z[f] + slopes[free_[f]] * prior_.hyperparameters[free_[f]].log_sd;
    }
    return cost;
  }

 private:
  /// d (data part of the cost) / d ln v, of all hyperparameters.
  std::vector<double> slopes_of(const Kernel& kernel, const Eigen::LLT<MatrixXd>& factor, const VectorXd& a,
                                double noise) const {
    const Index n = y_.size();
    const MatrixXd w = factor.solve(MatrixXd::Identity(n, n)) - a * a.transpose();
    std::vector<double> slopes(prior_.hyperparameters.size(), 0.0);
    for (std::size_t j = 0; j < observations_.size(); ++j) {
      for (std::size_t i = j; i < observations_.size(); ++i) {
        const double weight = (i == j ? 0.5 : 1.0) * w(static_cast<Index>(i), static_cast<Index>(j));
        kernel.add_gradient(observations_[i].at, observations_[j].at, weight, slopes);
      }
    }
    slopes[prior_.noise] += w.trace() * noise * noise;
    return slopes;
  }

  const Prior& prior_;
  const std::vector<Observation>& observations_;
  VectorXd y_;
  std::vector<std::size_t> free_;  ///< hyperparameters that are fitted
};

std::vector<Observation> evenly_spread(const std::vector<Observation>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<Observation> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
  return some;
}

}  // namespace

struct Process::Impl {
  Impl(Prior p, std::vector<double> v, std::vector<Observation> o)
      : prior(std::move(p)),
        values(std::move(v)),
        observations(std::move(o)),
        kernel(prior.terms, values),
        factor(covariance_of(observations, kernel, values[prior.noise])),
        solved(factor.solve(values_of(observations))) {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  /// Covariance of a combination with every observation.
  VectorXd covariances(const Combination& at) const {
    VectorXd k(static_cast<Index>(observations.size()));
    for (std::size_t i = 0; i < observations.size(); ++i) {
      k[static_cast<Index>(i)] = kernel.covariance(observations[i].at, at);
    }
    return k;
  }

  Prior prior;
  std::vector<double> values;
  std::vector<Observation> observations;
  Kernel kernel;
  Eigen::LLT<MatrixXd> factor;
  VectorXd solved;  ///< K^-1 y
};

Process::Process(Prior prior, std::vector<double> values, std::vector<Observation> observations)
    : impl_(std::make_shared<const Impl>(std::move(prior), std::move(values), std::move(observations))) {}

Forecast Process::predict(const Combination& at) const {
  const Joint joint = predict_together({&at, 1});
  return {joint.mean[0], joint.covariance[0], joint.prior_variance[0]};
}

Joint Process::predict_together(std::span<const Combination> at) const {
  const auto m = static_cast<Index>(at.size()), n = static_cast<Index>(impl_->observations.size());
  MatrixXd k(n, m), own(m, m);
  for (std::size_t j = 0; j < at.size(); ++j) {
    k.col(static_cast<Index>(j)) = impl_->covariances(at[j]);
    for (std::size_t i = 0; i < at.size(); ++i) {
      own(static_cast<Index>(i), static_cast<Index>(j)) = impl_->kernel.covariance(at[i], at[j]);
    }
  }
  const VectorXd mean = k.transpose() * impl_->solved;
  const MatrixXd half = impl_->factor.matrixL().solve(k);
  MatrixXd covariance = own - half.transpose() * half;
  covariance.diagonal() = covariance.diagonal().cwiseMax(0);
  const VectorXd before = own.diagonal();
  return {{mean.data(), mean.data() + m},
          {covariance.data(), covariance.data() + m * m},
          {before.data(), before.data() + m}};
}

std::vector<Forecast> Process::leave_one_out() const {
  const auto n = static_cast<Index>(impl_->observations.size());
  const MatrixXd inverse = impl_->factor.solve(MatrixXd::Identity(n, n));
  std::vector<Forecast> out;
  for (Index i = 0; i < n; ++i) {
    const Observation& own = impl_->observations[static_cast<std::size_t>(i)];
    out.push_back({own.value - impl_->solved[i] / inverse(i, i), 1 / inverse(i, i),
                   impl_->kernel.covariance(own.at, own.at)});
  }
  return out;
}

std::span<const double> Process::hyperparameters() const {
  return impl_->values;
}

const std::vector<Observation>& Process::observations() const {
  return impl_->observations;
}

double Process::noise_sd() const {
  return impl_->values[impl_->prior.noise];
}

Process fit(const Prior& prior, std::vector<Observation> observations, const FitOptions& options) {
  const std::vector<Observation> seen = evenly_spread(observations, options.most_rows);
  const Evidence evidence(prior, seen);
  DescentOptions descent;
  descent.max_steps = options.max_steps;
  descent.cancel = options.cancel;
  const auto cost = [&evidence](std::span<const double> z, std::span<double> gradient) {
    return evidence(z, gradient);
  };
  const std::vector<double> z = descend(cost, std::vector<double>(evidence.free(), 0.0), descent);
  return Process(prior, evidence.values_at(z), std::move(observations));
}

}  // namespace energylens::numerics
