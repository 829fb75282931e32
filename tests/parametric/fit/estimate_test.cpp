// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/estimate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "central_differences.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/random_law.hpp"

namespace energylens::parametric {
namespace {

std::vector<Observation> observed(const table::Group& group) {
  return observations(group.rows, {}, reference_of(group.rows));
}

double cost_of(std::span<const Observation> seen, const Priors& priors, const Coordinates& z) {
  std::vector<double> f(seen.size());
  if (!data_residuals(seen, priors.loss, z, f, {}, seen.size())) return kUnknown;
  double sum = 0;
  for (const double r : f) sum += r * r / 2;
  for (const PriorTerm& term : priors.terms) {
    const double off = z[term.coordinate] - (term.minus == kParameters ? 0 : z[term.minus]) - term.mean;
    sum += off * off / (2 * term.sd * term.sd);
  }
  return sum;
}

RC_GTEST_PROP(Estimate, JacobianAgreesWithCentralDifferences, (std::uint64_t seed)) {
  Rng rng(seed);
  table::Row row;
  row.config = random_job(rng);
  row.results.prefill_energy_j = between(1, 100, rng);
  row.results.decode_energy_j = rng.below(2) == 0 ? kUnknown : between(1, 100, rng);
  row.results.total_energy_j = rng.below(2) == 0 ? kUnknown : 250;
  const std::vector<Observation> seen = observations(std::span(&row, 1), {}, {});
  const Coordinates at = coordinates_of(random_parameters(rng));
  const std::size_t n = seen.size();
  std::vector<double> f(n), jacobian(n * kParameters);
  RC_ASSERT(data_residuals(seen, {}, at, f, jacobian, n));
  for (std::size_t i = 0; i < n; ++i) {
    const auto residual = [&](std::span<const double> x) {
      Coordinates z;
      std::copy(x.begin(), x.end(), z.begin());
      std::vector<double> g(n);
      data_residuals(seen, {}, z, g, {}, n);
      return g[i];
    };
    const std::vector<double> expected = central_differences(residual, at);
    for (std::size_t j = 0; j < kParameters; ++j) {
      RC_ASSERT(std::abs(jacobian[j * n + i] - expected[j]) <= 1e-5 * (1 + std::abs(expected[j])));
    }
  }
}

TEST(Estimate, IsAMinimumOfTheStatedCost) {
  const std::vector<Observation> seen = observed(simulated::group({}, 0.03));
  const Priors priors = priors_for(seen, {});
  const PointEstimate best = estimate(seen, priors, {1, 0, 200, nullptr});
  EXPECT_EQ(best.why, numerics::Termination::converged);
  EXPECT_NEAR(best.cost, cost_of(seen, priors, best.coordinates), 1e-9 * best.cost);
  for (std::size_t j = 0; j < kParameters; ++j) {
    for (const double step : {-0.02, 0.02}) {
      Coordinates z = best.coordinates;
      z[j] += step;
      EXPECT_GT(cost_of(seen, priors, z), best.cost) << parameter_infos()[j].name;
    }
  }
}

TEST(Estimate, MoreStartsAreNeverWorse) {
  table::Group group = simulated::group({}, 0.1);
  group.rows.resize(12);
  const std::vector<Observation> seen = observed(group);
  const Priors priors = priors_for(seen, {});
  EXPECT_LE(estimate(seen, priors, {6, 3, 60, nullptr}).cost,
            estimate(seen, priors, {1, 3, 60, nullptr}).cost);
}

/// Enough rows that the starts are compared on a part of them.
std::vector<Observation> many_observations() {
  table::Group all = simulated::group({}, 0.1);
  for (std::uint64_t seed = 2; observed(all).size() < 10000; ++seed) {
    const table::Group more = simulated::group({}, 0.1, seed);
    all.rows.insert(all.rows.end(), more.rows.begin(), more.rows.end());
  }
  return observed(all);
}

TEST(Estimate, OfManyRowsIsTheMinimumOverAllOfThem) {
  const std::vector<Observation> seen = many_observations();
  const Priors priors = priors_for(seen, {});
  const PointEstimate best = estimate(seen, priors, {4, 0, 60, nullptr});
  EXPECT_EQ(best.why, numerics::Termination::converged);
  EXPECT_NEAR(best.cost, cost_of(seen, priors, best.coordinates), 1e-9 * best.cost);
  const PointEstimate from_the_middle = estimate(seen, priors, {1, 0, 200, nullptr});
  EXPECT_NEAR(best.cost, from_the_middle.cost, 1e-7 * best.cost);
}

TEST(Estimate, IsTheSameOnAnyNumberOfThreads) {
  const std::vector<Observation> seen = many_observations();
  const std::span<const Observation> few = std::span(seen).first(100);
  for (const std::span<const Observation> some : {std::span<const Observation>(seen), few}) {
    const Priors priors = priors_for(some, {});
    const PointEstimate alone = estimate(some, priors, {4, 0, 60, nullptr, 1});
    const PointEstimate together = estimate(some, priors, {4, 0, 60, nullptr, 3});
    EXPECT_EQ(alone.coordinates, together.coordinates);
    EXPECT_EQ(alone.cost, together.cost);
  }
}

TEST(Estimate, OneWildRowHardlyMoves) {
  table::Group group = simulated::group({});
  const std::vector<Observation> clean = observed(group);
  group.rows[70].results.decode_energy_j *= 10;
  const std::vector<Observation> spoilt = observed(group);
  const Priors priors = priors_for(clean, {});
  const Coordinates a = estimate(clean, priors, {1, 0, 200, nullptr}).coordinates;
  const Coordinates b = estimate(spoilt, priors, {1, 0, 200, nullptr}).coordinates;
  for (const Observation& o : clean) {
    const double before = predicted(evaluate(parameters_at(a), o.terms), o);
    EXPECT_NEAR(predicted(evaluate(parameters_at(b), o.terms), o) / before, 1, 0.02);
  }
}

/// Rows whose compute grows faster than the batch, or not at all but through reading the cache.
table::Group growing(double exponent) {
  Parameters c = simulated::kEnergy;
  c[B3] = 100, c[B4] = exponent, c[B0] = 1;
  simulated::Design design;
  design.batches = {1, 4, 16, 64, 256};
  return simulated::group(design, 0, 1, c);
}

TEST(Estimate, TheBatchExponentStaysInItsBounds) {
  for (const double exponent : {1.6, -0.4}) {
    const std::vector<Observation> seen = observed(growing(exponent));
    const Priors priors = priors_for(seen, {});
    const PointEstimate found = estimate(seen, priors, {1, 0, 200, nullptr});
    EXPECT_TRUE(found.batch_exponent_at_bound);
    EXPECT_EQ(found.coordinates[B4], exponent > 1 ? 1 : 0);
    for (std::size_t j = 0; j < kParameters; ++j) {  // the others are fitted again at the bound
      if (j == B4) continue;
      for (const double step : {-0.05, 0.05}) {
        Coordinates z = found.coordinates;
        z[j] += step;
        EXPECT_GT(cost_of(seen, priors, z), found.cost) << parameter_infos()[j].name;
      }
    }
  }
}

TEST(Estimate, RefineFindsTheSameMinimumFromNearby) {
  const std::vector<Observation> seen = observed(simulated::group({}, 0.03));
  const Priors priors = priors_for(seen, {});
  const PointEstimate best = estimate(seen, priors, {1, 0, 200, nullptr});
  Coordinates near = best.coordinates;
  for (double& z : near) z += 0.02;
  const PointEstimate again = refine(seen, priors, near, 100);
  EXPECT_NEAR(again.cost, best.cost, 1e-5 * best.cost);
}

TEST(Estimate, CancelledSaysSo) {
  CancelToken cancel;
  cancel.cancel();
  const std::vector<Observation> seen = observed(simulated::group({}));
  const Priors priors = priors_for(seen, {});
  const PointEstimate stopped = estimate(seen, priors, {3, 0, 60, &cancel});
  EXPECT_EQ(stopped.why, numerics::Termination::cancelled);
  EXPECT_EQ(stopped.coordinates, centre(priors));
}

}  // namespace
}  // namespace energylens::parametric
