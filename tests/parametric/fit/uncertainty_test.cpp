// SPDX-License-Identifier: Apache-2.0
// Intervals cover what they promise over many simulated data sets; few rows give wide ones.
#include "parametric/fit/uncertainty.hpp"

#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "numerics/distributions.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

using simulated::all_rows;
using simulated::Design;
using simulated::kEnergy;
using simulated::quick;

constexpr std::size_t kDataSets = 200;
constexpr double kNoise = 0.03;

struct Coverage {
  std::size_t predictions = 0;
  std::array<std::size_t, kParameters> parameters{}, determined{};
};

Coverage coverage() {
  const std::vector<table::Configuration> questions = Design{}.questions();
  Coverage out;
  for (std::size_t i = 0; i < kDataSets; ++i) {
    table::Group group = simulated::group({}, kNoise, 100 + i);
    const LawModel model = fit_law(all_rows(group), quick(predictor::Target::energy));
    Rng fresh(5000 + i);
    const table::Configuration& question = questions[fresh.below(questions.size())];
    const table::Row row = simulated::measured(question, kEnergy, simulated::kTime, kNoise, true, fresh);
    const predictor::Estimate e = model.predict(0, question).total_energy_j;
    out.predictions += e.lo <= row.results.total_energy_j && row.results.total_energy_j <= e.hi ? 1 : 0;
    const std::vector<ParameterFit>& fits = model.laws()[0].energy->intervals;
    for (std::size_t j = 0; j < kParameters; ++j) {
      out.determined[j] += fits[j].determined ? 1 : 0;
      out.parameters[j] += fits[j].lo <= kEnergy[j] && kEnergy[j] <= fits[j].hi ? 1 : 0;
    }
  }
  return out;
}

TEST(Uncertainty, NinetyPercentIntervalsCover) {
  const Coverage covered = coverage();
  const numerics::CountBand band = numerics::binomial_band(kDataSets, 0.9, 0.999);
  EXPECT_TRUE(band.contains(covered.predictions)) << covered.predictions << " of " << kDataSets;
  for (std::size_t j = 0; j < kParameters; ++j) {
    EXPECT_EQ(covered.determined[j], kDataSets) << parameter_infos()[j].name;
    // Small phases weigh less than their noise deserves, so that intervals may be too wide, never too narrow.
    EXPECT_GE(covered.parameters[j], band.lo) << parameter_infos()[j].name;
  }
}

struct Judged {
  Reference reference;
  Uncertainty uncertainty;
  explicit Judged(const table::Group& group) : reference(reference_of(group.rows)) {
    const std::vector<Observation> seen = observations(group.rows, {}, reference);
    const Priors priors = priors_for(seen, {});
    uncertainty = uncertainty_of(seen, priors, estimate(seen, priors, {1, 0, 100, nullptr}));
  }
};

double variance(const Uncertainty& u) {
  double sum = 0;
  for (std::size_t j = 0; j < kParameters; ++j) sum += u.covariance[j * (kParameters + 1)];
  return sum;
}

TEST(Uncertainty, ACrossedDesignDeterminesAllTwelve) {
  const Uncertainty u = Judged(simulated::group({}, kNoise)).uncertainty;
  EXPECT_EQ(u.rank, 12);
  EXPECT_TRUE(u.undetermined.empty());
  EXPECT_GT(u.effective_parameters, 11);
  EXPECT_LT(u.effective_parameters, 12);
  EXPECT_EQ(u.rows, Design{}.questions().size());
}

TEST(Uncertainty, TheResidualSpreadIsThatOfTheNoise) {
  Design totals;
  totals.phases = false;
  for (const double noise : {0.02, 0.05, 0.15}) {
    const Uncertainty u = Judged(simulated::group(totals, noise)).uncertainty;
    EXPECT_NEAR(u.residual_sd / noise, 1, 0.2);
    EXPECT_FALSE(known(u.prefill_sd));
  }
  EXPECT_TRUE(known(Judged(simulated::group({}, kNoise)).uncertainty.prefill_sd));
}

TEST(Uncertainty, FewRowsAreLeftToTheBeliefs) {
  double before = 0;
  for (const std::size_t rows : {144u, 40u, 8u, 1u}) {
    table::Group group = simulated::group({}, kNoise);
    const std::vector<std::size_t> order = shuffled_order(4, group.rows.size());
    std::vector<table::Row> some;
    for (std::size_t i = 0; i < rows; ++i) some.push_back(group.rows[order[i]]);
    group.rows = some;
    const Uncertainty u = Judged(group).uncertainty;
    EXPECT_GT(variance(u), before);
    before = variance(u);
    EXPECT_LE(u.rank, 2 * static_cast<int>(rows));
    EXPECT_LE(u.effective_parameters, 2 * static_cast<double>(rows));
    EXPECT_EQ(u.undetermined.size(), static_cast<std::size_t>(kParameters - u.rank));
    EXPECT_GT(u.degrees_of_freedom, 0);
  }
}

TEST(Uncertainty, ResidualsAreLogRatiosOfMeasuredOverPredicted) {
  table::Group group = simulated::group({});
  for (table::Row& row : group.rows) row.results.prefill_energy_j *= 1.1;
  const std::vector<Observation> seen = observations(group.rows, {}, {});
  const std::vector<double> residuals = log_residuals(seen, coordinates_of(kEnergy));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    EXPECT_NEAR(residuals[i], seen[i].part == Part::prefill ? std::log(1.1) : 0, 1e-9);
  }
}

TEST(Uncertainty, TheOriginOfTheReferenceMovesNoPrediction) {
  const Judged judged(simulated::group({}, kNoise));
  const std::vector<double> moved = moved_to_origin(judged.uncertainty.covariance, judged.reference);
  const Coordinates centred = coordinates_of(kEnergy), natural = moved_to_origin(centred, judged.reference);
  const table::Configuration config = simulated::question("tp4pp2", 20, 500, 300);
  const auto log_variance = [&](const Coordinates& z, const Reference& reference,
                                const std::vector<double>& covariance) {
    PhaseGradients g;
    const double value = evaluate(parameters_at(z), terms(config, {}, reference), g).total();
    double sum = 0;
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) {
        sum += (g.prefill[i] + g.decode[i]) * covariance[i * kParameters + j] * (g.prefill[j] + g.decode[j]);
      }
    }
    return sum / (value * value);
  };
  EXPECT_NEAR(log_variance(natural, {}, moved) /
                  log_variance(centred, judged.reference, judged.uncertainty.covariance),
              1, 1e-6);
}

}  // namespace
}  // namespace energylens::parametric
