// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "energylens/core/parallel.hpp"

namespace energylens::numerics {

/// How covariance falls with the distance u, in lengths, along one feature.
enum class Shape {
  squared_exponential,  ///< exp(-u^2/2): smooth functions
  exponential,          ///< exp(-u): continuous, with steps (Matern 1/2)
};

/// One factor of a term: a feature, and which hyperparameter is its length.
struct Factor {
  std::size_t feature = 0;
  Shape shape = Shape::squared_exponential;
  std::size_t length = 0;
};

/// One addend of a kernel: amplitude^2 times the product of its factors; between points of different labels 0
/// if `same_label`.
struct Term {
  std::size_t amplitude = 0;  ///< which hyperparameter
  std::vector<Factor> factors;
  bool same_label = false;
};

/// A log-normal prior of one hyperparameter; all are positive. log_sd 0: not fitted.
struct Belief {
  double median = 1, log_sd = 1;
};

/// What is believed of a function before it is seen: mean 0, the sum of the terms as covariance, and
/// independent noise on what is observed.
struct Prior {
  std::vector<Term> terms;
  std::size_t noise = 0;  ///< which hyperparameter is the standard deviation of the noise
  std::vector<Belief> hyperparameters;
};

struct Point {
  std::vector<double> features;
  std::size_t label = 0;
  double weight = 1;
};

/// A weighted sum of function values: sum of weight * f(point). The features of all points are equally many.
using Combination = std::vector<Point>;

struct Observation {
  Combination at;
  double value = 0;
};

/// Of the function itself; who observes it meets the noise too.
struct Forecast {
  double mean = 0, variance = 0;
  double prior_variance = 0;  ///< before any observation
};

/// Several combinations together.
struct Joint {
  std::vector<double> mean;
  std::vector<double> covariance;      ///< row-major
  std::vector<double> prior_variance;  ///< before any observation
};

struct FitOptions {
  // changes the answer
  std::size_t most_rows =
      300;  ///< hyperparameters are chosen on at most this many observations, evenly spread
  int max_steps = 40;
  // changes only the speed
  const CancelToken* cancel = nullptr;
};

/// An exact Gaussian process, conditioned on observations that are linear in the function: O(n^3) once, O(n)
/// for a mean and O(n^2) for a variance. Source: Rasmussen and Williams, Gaussian Processes for Machine
/// Learning (2006), 2.2, 5.4. Immutable; safe from any thread. Cheap to copy.
class Process {
 public:
  /// Requires: `values` are positive, as many as prior.hyperparameters; indices in `prior` exist.
  Process(Prior prior, std::vector<double> values, std::vector<Observation> observations);

  Forecast predict(const Combination& at) const;
  Joint predict_together(std::span<const Combination> at) const;
  /// For every observation, what the others forecast of it at the same hyperparameters; the variance holds
  /// the noise. Source: Rasmussen and Williams 5.4.2.
  std::vector<Forecast> leave_one_out() const;

  /// Values of the hyperparameters, in the order of the prior.
  std::span<const double> hyperparameters() const;
  double noise_sd() const;
  const std::vector<Observation>& observations() const;

 private:
  struct Impl;
  std::shared_ptr<const Impl> impl_;
};

/// The process with the most probable hyperparameters (maximum a posteriori). The order of the observations
/// matters only to rounding, unless they are more than options.most_rows.
Process fit(const Prior& prior, std::vector<Observation> observations, const FitOptions& options = {});

}  // namespace energylens::numerics
