// SPDX-License-Identifier: Apache-2.0
#include "numerics/gaussian_process.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>

#include "energylens/core/rng.hpp"
#include "numerics/dense.hpp"

namespace energylens::numerics {
namespace {

/// One smooth term over one feature: amplitude, length, noise.
Prior smooth_prior(double noise, double log_sd = 1) {
  Prior prior;
  prior.terms = {{0, {{0, Shape::squared_exponential, 1}}, false}};
  prior.noise = 2;
  prior.hyperparameters = {{1, log_sd}, {1, log_sd}, {noise, log_sd}};
  return prior;
}

std::vector<double> medians(const Prior& prior) {
  std::vector<double> values;
  for (const Belief& belief : prior.hyperparameters) values.push_back(belief.median);
  return values;
}

Combination at(double x) {
  return {{{x}, 0, 1}};
}

Process conditioned(double noise, std::vector<Observation> observations) {
  const Prior prior = smooth_prior(noise);
  return Process(prior, medians(prior), std::move(observations));
}

TEST(Process, WithoutObservationsIsThePrior) {
  const Process process = conditioned(0.1, {});
  EXPECT_EQ(process.predict(at(2)).mean, 0);
  EXPECT_NEAR(process.predict(at(2)).variance, 1, 1e-12);
  EXPECT_NEAR(process.predict(at(2)).prior_variance, 1, 1e-12);
  EXPECT_TRUE(process.leave_one_out().empty());
}

TEST(Process, OneObservationByHand) {
  const Process process = conditioned(0.5, {{at(0), 2}});
  const double k = std::exp(-0.5), total = 1 + 0.25;
  EXPECT_NEAR(process.predict(at(1)).mean, 2 * k / total, 1e-8);
  EXPECT_NEAR(process.predict(at(1)).variance, 1 - k * k / total, 1e-8);
}

TEST(Process, FarFromObservationsIsThePrior) {
  const Forecast far = conditioned(0.01, {{at(0), 2}, {at(1), 3}}).predict(at(50));
  EXPECT_NEAR(far.mean, 0, 1e-12);
  EXPECT_NEAR(far.variance, 1, 1e-12);
}

TEST(Process, ASumOfTwoPlacesTeachesBoth) {
  // f(0) + f(10) = 4 and f(0) = 1: what is left is f(10).
  const Process process = conditioned(1e-4, {{{{{0}, 0, 1}, {{10}, 0, 1}}, 4}, {at(0), 1}});
  EXPECT_NEAR(process.predict(at(10)).mean, 3, 1e-3);
  EXPECT_NEAR(process.predict({{{0}, 0, 0.5}, {{10}, 0, 0.5}}).mean, 2, 1e-3);
}

TEST(Process, RepeatedObservationsWithoutNoiseAreNoError) {
  const Forecast forecast = conditioned(1e-9, {{at(1), 2}, {at(1), 2}, {at(1), 2}}).predict(at(1));
  EXPECT_NEAR(forecast.mean, 2, 1e-4);
  EXPECT_LT(forecast.variance, 1e-4);
}

std::vector<Observation> random_observations(Rng& rng, std::size_t n, double noise) {
  std::vector<Observation> out;
  for (std::size_t i = 0; i < n; ++i) {
    const double x = 6 * rng.uniform();
    out.push_back({at(x), std::sin(2 * x) + noise * rng.normal()});
  }
  return out;
}

RC_GTEST_PROP(Process, LeavingOneOutIsConditioningOnTheOthers, (std::uint64_t seed)) {
  Rng rng(seed);
  const std::vector<Observation> all = random_observations(rng, 7, 0.1);
  const std::vector<Forecast> left_out = conditioned(0.1, all).leave_one_out();
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::vector<Observation> others = all;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    const Forecast direct = conditioned(0.1, others).predict(all[i].at);
    RC_ASSERT(std::abs(left_out[i].mean - direct.mean) < 1e-6);
    RC_ASSERT(std::abs(left_out[i].variance - direct.variance - 0.01) < 1e-6);
  }
}

RC_GTEST_PROP(Process, TogetherIsTheSameAsOneByOne, (std::uint64_t seed)) {
  Rng rng(seed);
  const Process process = conditioned(0.1, random_observations(rng, 9, 0.1));
  const std::vector<Combination> places = {at(0.5), at(0.6), at(9), {{{1}, 0, 0.3}, {{2}, 0, 0.7}}};
  const Joint joint = process.predict_together(places);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Forecast alone = process.predict(places[i]);
    RC_ASSERT(std::abs(joint.mean[i] - alone.mean) < 1e-10);
    RC_ASSERT(std::abs(joint.covariance[i * places.size() + i] - alone.variance) < 1e-10);
    RC_ASSERT(std::abs(joint.prior_variance[i] - alone.prior_variance) < 1e-12);
  }
  const numerics::SymmetricEigen eigen = numerics::symmetric_eigen(joint.covariance, places.size());
  RC_ASSERT(eigen.values.front() > -1e-8);
}

double log_evidence(const Prior& prior, const std::vector<double>& values,
                    const std::vector<Observation>& seen) {
  // Chain rule: each observation given those before it.
  double sum = 0;
  const double noise = values[prior.noise];
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const std::vector<Observation> before(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(i));
    const Forecast forecast = Process(prior, values, before).predict(seen[i].at);
    const double variance = forecast.variance + noise * noise, error = seen[i].value - forecast.mean;
    sum -= error * error / variance / 2 + std::log(variance) / 2;
  }
  for (std::size_t h = 0; h < values.size(); ++h) {
    const double z = std::log(values[h] / prior.hyperparameters[h].median) / prior.hyperparameters[h].log_sd;
    sum -= z * z / 2;
  }
  return sum;
}

TEST(Fit, NoNeighbouringHyperparametersAreMoreProbable) {
  Rng rng(11);
  const Prior prior = smooth_prior(0.3);
  const std::vector<Observation> seen = random_observations(rng, 25, 0.1);
  const Process process = fit(prior, seen);
  const std::vector<double> best(process.hyperparameters().begin(), process.hyperparameters().end());
  const double top = log_evidence(prior, best, seen);
  EXPECT_GT(top, log_evidence(prior, medians(prior), seen));
  for (std::size_t h = 0; h < best.size(); ++h) {
    for (const double factor : {0.9, 1.1}) {
      std::vector<double> moved = best;
      moved[h] *= factor;
      EXPECT_LT(log_evidence(prior, moved, seen), top) << h << " times " << factor;
    }
  }
}

TEST(Fit, FindsTheNoiseOfManyObservations) {
  Rng rng(3);
  const Process process = fit(smooth_prior(1), random_observations(rng, 150, 0.05));
  EXPECT_NEAR(process.noise_sd(), 0.05, 0.01);
  EXPECT_NEAR(process.predict(at(3)).mean, std::sin(6.0), 0.05);
}

TEST(Fit, ForecastsOfFewObservationsCoverWhatTheyPromise) {
  constexpr double kNormal90 = 1.645;
  int inside = 0, asked = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    const Process process = fit(smooth_prior(0.1, 0.5), random_observations(rng, 25, 0.1));
    for (const Observation& next : random_observations(rng, 10, 0.1)) {
      const Forecast forecast = process.predict(next.at);
      const double sd = std::hypot(std::sqrt(forecast.variance), process.noise_sd());
      inside += std::abs(next.value - forecast.mean) < kNormal90 * sd ? 1 : 0;
      ++asked;
    }
  }
  EXPECT_NEAR(static_cast<double>(inside) / asked, 0.9, 0.05);
}

TEST(Fit, AHyperparameterWithoutSpreadIsLeftAlone) {
  Rng rng(5);
  Prior prior = smooth_prior(0.2);
  prior.hyperparameters[1].log_sd = 0;
  EXPECT_EQ(fit(prior, random_observations(rng, 20, 0.1)).hyperparameters()[1], 1);
}

TEST(Fit, NothingObservedLeavesTheMedians) {
  const Process process = fit(smooth_prior(0.2), {});
  EXPECT_EQ(process.noise_sd(), 0.2);
}

TEST(Fit, HyperparametersOfASampleServeAllObservations) {
  Rng rng(8);
  const std::vector<Observation> all = random_observations(rng, 120, 0.1);
  FitOptions options;
  options.most_rows = 40;
  const Process process = fit(smooth_prior(0.1), all, options);
  EXPECT_EQ(process.leave_one_out().size(), all.size());
  EXPECT_NEAR(process.noise_sd(), 0.1, 0.05);
}

}  // namespace
}  // namespace energylens::numerics
