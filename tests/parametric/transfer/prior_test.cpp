// SPDX-License-Identifier: Apache-2.0
#include "parametric/transfer/prior.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/estimate.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/law/observations.hpp"

namespace energylens::parametric {
namespace {

constexpr std::size_t K = kParameters;

LawModel source_model() {
  return fit_law(simulated::all_rows(simulated::group({}, 0.02)),
                 simulated::quick(predictor::Target::energy));
}

const GroupLaw& source() {
  static const LawModel model = source_model();
  return model.laws().front();
}

TransferPrior prior_of(std::size_t copies, const predictor::Facts& facts,
                       const table::GroupIdentity& identity) {
  const std::vector<const GroupLaw*> laws(copies, &source());
  return {laws, {identity, facts}, Metric::energy};
}

TransferPrior::Normal at_home(std::size_t copies, double factor = 1) {
  return prior_of(copies, source().facts, source().identity).normal(factor);
}

TEST(Prior, OfOneSourceIsThatSourceWithTheWholeSpread) {
  const TransferPrior::Normal moved = at_home(1), exact = at_home(1, 1e-6);
  const Coordinates z = coordinates_of(source().energy->parameters);
  for (std::size_t j = 0; j < K; ++j) {
    EXPECT_NEAR(moved.mean[j], z[j], 1e-6);
    const double own = source().energy->covariance[j * K + j];
    EXPECT_NEAR(exact.covariance[j * K + j], own, 1e-5 * own + 1e-9);
    EXPECT_GT(moved.covariance[j * K + j], own);
  }
  EXPECT_NEAR(moved.covariance[B6 * K + B6] - source().energy->covariance[B6 * K + B6], 0.25 * 0.25, 1e-6);
}

TEST(Prior, OfManySourcesKeepsTheTargetsOwnHalf) {
  const double one = at_home(1).covariance[B3 * K + B3], many = at_home(50).covariance[B3 * K + B3];
  EXPECT_LT(many, 0.6 * one);
  EXPECT_GT(many, 0.45 * one);
}

TEST(Prior, IsWiderForAnotherGpuAndForFiguresThatAreNotKnown) {
  table::GroupIdentity other = source().identity;
  other.key[1].second = "Other-GPU";
  const double home = at_home(1).covariance[B0 * K + B0];
  const double away = prior_of(1, source().facts, other).normal().covariance[B0 * K + B0];
  EXPECT_GT(away, home + 1) << "no figure of either GPU is known";
}

TEST(Prior, MixedWithWeightZeroIsThePlainRecipeAndWithOneThePriorAlone) {
  const table::Group group = simulated::group({}, 0.02);
  const predictor::PreparedRows prepared = predictor::prepared_rows(simulated::all_rows(group).front(), {});
  const Reference reference = reference_of(prepared.rows);
  const Priors plain =
      priors_for(observations(prepared.rows, reading_of(prepared, Metric::energy), reference),
                 reading_of(prepared, Metric::energy));
  const TransferPrior prior = prior_of(1, source().facts, source().identity);
  EXPECT_EQ(precision(mixed(plain, prior, 0, reference)), precision(plain));
  const Priors alone = mixed(plain, prior, 1, reference);
  EXPECT_TRUE(alone.terms.empty());
  const Coordinates told = moved_to_origin(centre(alone), reference);
  for (std::size_t j = 0; j < K; ++j) EXPECT_NEAR(told[j], prior.normal().mean[j], 1e-5);
  const std::vector<double> half = precision(mixed(plain, prior, 0.5, reference)), none = precision(plain),
                            all = precision(alone);
  for (std::size_t i = 0; i < K * K; ++i)
    EXPECT_NEAR(half[i], (none[i] + all[i]) / 2, 1e-6 * (1 + std::abs(all[i])));
}

/// One number y of sd s seen of z ~ N(m, v): ln N(y; m, s^2 + v), known in closed form.
TEST(Prior, EvidenceOfALinearProblemIsTheExactOne) {
  const table::Group group =
      simulated::group({.layouts = {"tp1"}, .batches = {1}, .isls = {32}, .osls = {64}, .phases = false});
  const predictor::PreparedRows prepared = predictor::prepared_rows(simulated::all_rows(group).front(), {});
  const std::vector<Observation> seen = observations(prepared.rows, reading_of(prepared, Metric::energy), {});
  const auto evidence = [&](double sd) {
    Priors priors;  // all but a common factor is held
    const Coordinates truth = coordinates_of(simulated::kEnergy);
    for (std::size_t j = 0; j < K; ++j) priors.terms.push_back({j, K, truth[j], 1e-4});
    PriorDirection common;
    priors.directions.push_back(common);
    for (const std::size_t scale : {A0, A1, B0, B3, B7}) priors.terms[scale].sd = sd;
    const PointEstimate point = estimate(seen, priors, {.starts = 1});
    return log_evidence(seen, priors, point.coordinates, point.cost);
  };
  // Rows that lie at the centre are the more probable the narrower the belief is.
  EXPECT_GT(evidence(0.01), evidence(0.1));
  EXPECT_GT(evidence(0.1), evidence(1));
}

}  // namespace
}  // namespace energylens::parametric
