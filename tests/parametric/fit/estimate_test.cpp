// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/estimate.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "central_differences.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/random_law.hpp"

namespace energylens::law {
namespace {

std::vector<Observation> observed(const table::Group& group) {
  return observations(group.rows, {}, reference_of(group.rows));
}

double cost_of(std::span<const Observation> seen, const Recipe& recipe, const Coordinates& z) {
  std::vector<double> f(seen.size());
  if (!data_residuals(seen, recipe.loss, z, f, {}, seen.size())) return kUnknown;
  double sum = 0;
  for (const double r : f) sum += r * r / 2;
  for (const Belief& belief : recipe.beliefs) {
    const double off =
        z[belief.coordinate] - (belief.minus == kParameters ? 0 : z[belief.minus]) - belief.mean;
    sum += off * off / (2 * belief.sd * belief.sd);
  }
  return sum;
}

TEST(SoftResidual, IsTheSquareRootOfTheSoftLoss) {
  const auto barron = [](double u, double alpha) {
    const double beta = 2 - alpha;
    return beta / alpha * (std::pow(1 + u * u / beta, alpha / 2) - 1);
  };
  const Loss loss{0.06, 0.4, Tail::root};
  for (const Tail tail : {Tail::linear, Tail::root}) {
    for (const double r : {-2.0, -0.05, -1e-9, 0.0, 1e-9, 0.01, 0.3, 5.0}) {
      const double u = r / (loss.scale * loss.knee);
      const SoftResidual soft(r, {loss.scale, loss.knee, tail});
      const double rho = 2 * loss.knee * loss.knee * barron(u, tail == Tail::linear ? 1 : 0.5);
      EXPECT_NEAR(soft.value * soft.value, rho, 1e-14 + 1e-6 * rho) << r;
      EXPECT_EQ(std::signbit(soft.value), std::signbit(r));
    }
  }
  EXPECT_NEAR(SoftResidual(1e-7, loss).value, 1e-7 / loss.scale, 1e-12);  // small residuals are not softened
}

TEST(SoftResidual, SlopesAreDerivatives) {
  for (const Tail tail : {Tail::linear, Tail::root}) {
    const Loss loss{0.06, 0.4, tail};
    for (const double r : {-2.0, -0.05, 0.0, 0.01, 0.3, 5.0}) {
      const SoftResidual soft(r, loss);
      const auto value = [&](std::span<const double> x) { return SoftResidual(x[0], loss).value; };
      const auto influence = [&](std::span<const double> x) { return SoftResidual(x[0], loss).influence; };
      EXPECT_NEAR(soft.slope / central_differences(value, std::span(&r, 1))[0], 1, 1e-6) << r;
      EXPECT_NEAR(soft.influence_slope, central_differences(influence, std::span(&r, 1))[0], 1e-6) << r;
      EXPECT_NEAR(soft.influence, soft.value * soft.slope * loss.scale * loss.scale, 1e-12) << r;
    }
  }
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
  const Recipe recipe = recipe_for(seen, {});
  const PointEstimate best = estimate(seen, recipe, {1, 0, 200, nullptr});
  EXPECT_EQ(best.why, numerics::Termination::converged);
  EXPECT_NEAR(best.cost, cost_of(seen, recipe, best.coordinates), 1e-9 * best.cost);
  for (std::size_t j = 0; j < kParameters; ++j) {
    for (const double step : {-0.02, 0.02}) {
      Coordinates z = best.coordinates;
      z[j] += step;
      EXPECT_GT(cost_of(seen, recipe, z), best.cost) << parameter_infos()[j].name;
    }
  }
}

TEST(Estimate, MoreStartsAreNeverWorse) {
  table::Group group = simulated::group({}, 0.1);
  group.rows.resize(12);
  const std::vector<Observation> seen = observed(group);
  const Recipe recipe = recipe_for(seen, {});
  EXPECT_LE(estimate(seen, recipe, {6, 3, 60, nullptr}).cost,
            estimate(seen, recipe, {1, 3, 60, nullptr}).cost);
}

TEST(Estimate, OneWildRowHardlyMoves) {
  table::Group group = simulated::group({});
  const std::vector<Observation> clean = observed(group);
  group.rows[70].results.decode_energy_j *= 10;
  const std::vector<Observation> spoilt = observed(group);
  const Recipe recipe = recipe_for(clean, {});
  const Coordinates a = estimate(clean, recipe, {1, 0, 200, nullptr}).coordinates;
  const Coordinates b = estimate(spoilt, recipe, {1, 0, 200, nullptr}).coordinates;
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
    const Recipe recipe = recipe_for(seen, {});
    const PointEstimate found = estimate(seen, recipe, {1, 0, 200, nullptr});
    EXPECT_TRUE(found.batch_exponent_at_bound);
    EXPECT_EQ(found.coordinates[B4], exponent > 1 ? 1 : 0);
    for (std::size_t j = 0; j < kParameters; ++j) {  // the others are fitted again at the bound
      if (j == B4) continue;
      for (const double step : {-0.05, 0.05}) {
        Coordinates z = found.coordinates;
        z[j] += step;
        EXPECT_GT(cost_of(seen, recipe, z), found.cost) << parameter_infos()[j].name;
      }
    }
  }
}

TEST(Estimate, RefineFindsTheSameMinimumFromNearby) {
  const std::vector<Observation> seen = observed(simulated::group({}, 0.03));
  const Recipe recipe = recipe_for(seen, {});
  const PointEstimate best = estimate(seen, recipe, {1, 0, 200, nullptr});
  Coordinates near = best.coordinates;
  for (double& z : near) z += 0.02;
  const PointEstimate again = refine(seen, recipe, near, 100);
  EXPECT_NEAR(again.cost, best.cost, 1e-5 * best.cost);
}

TEST(Estimate, CancelledSaysSo) {
  CancelToken cancel;
  cancel.cancel();
  const std::vector<Observation> seen = observed(simulated::group({}));
  const Recipe recipe = recipe_for(seen, {});
  const PointEstimate stopped = estimate(seen, recipe, {3, 0, 60, &cancel});
  EXPECT_EQ(stopped.why, numerics::Termination::cancelled);
  EXPECT_EQ(stopped.coordinates, centre(recipe));
}

}  // namespace
}  // namespace energylens::law
