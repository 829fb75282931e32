// SPDX-License-Identifier: Apache-2.0
#include "parametric/law/priors.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

struct Seen {
  table::Group group;
  Reference reference;
  std::vector<Observation> observations;
  Reading reading;

  explicit Seen(double factor = 1, Metric metric = Metric::energy) : group(simulated::group({})) {
    for (table::Row& row : group.rows) {
      row.results.prefill_energy_j *= factor;
      row.results.decode_energy_j *= factor;
      row.results.total_energy_j *= factor;
    }
    reading.metric = metric;
    reference = reference_of(group.rows);
    observations = parametric::observations(group.rows, reading, reference);
  }
  Priors priors() const { return priors_for(observations, reading); }
};

TEST(Priors, BelievesSomethingOfEveryCoordinate) {
  const Priors priors = Seen().priors();
  std::set<std::size_t> seen;
  for (const PriorTerm& term : priors.terms) {
    seen.insert(term.coordinate);
    EXPECT_GT(term.sd, 0);
    EXPECT_TRUE(std::isfinite(term.mean));
  }
  EXPECT_EQ(seen.size(), kParameters);
}

TEST(Priors, IsCentredNearTheRightSize) {
  const Seen seen;
  const Parameters centred = parameters_at(centre(seen.priors()));
  for (const Observation& o : seen.observations) {
    if (o.share < 0.5) continue;
    EXPECT_NEAR(std::log(predicted(evaluate(centred, o.terms), o)), o.log_measured, std::log(30.0));
  }
}

TEST(Priors, TheScalesFollowTheUnit) {
  const Coordinates joules = centre(Seen(1).priors()), millijoules = centre(Seen(1000).priors());
  for (std::size_t j = 0; j < kParameters; ++j) {
    const double shift = parameter_infos()[j].scale ? std::log(1000) : 0;
    EXPECT_NEAR(millijoules[j] - joules[j], shift, 1e-12) << parameter_infos()[j].name;
  }
}

TEST(Priors, TheCentreIsWhereEveryBeliefIsMet) {
  const Priors priors = Seen(1, Metric::time).priors();
  const Coordinates z = centre(priors);
  for (const PriorTerm& term : priors.terms) {
    const double other = term.minus == kParameters ? 0 : z[term.minus];
    EXPECT_NEAR(z[term.coordinate] - other, term.mean, 1e-12);
  }
}

TEST(Priors, ThePrecisionIsTheCurvatureOfTheBeliefs) {
  const Priors priors = Seen().priors();
  const std::vector<double> p = precision(priors);
  Rng rng(5);
  for (int trial = 0; trial < 20; ++trial) {
    Coordinates d;
    for (double& value : d) value = rng.normal();
    double expected = 0, found = 0;
    for (const PriorTerm& term : priors.terms) {
      const double off = d[term.coordinate] - (term.minus == kParameters ? 0 : d[term.minus]);
      expected += off * off / (term.sd * term.sd);
    }
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) found += d[i] * p[i * kParameters + j] * d[j];
    }
    EXPECT_NEAR(found / expected, 1, 1e-12);
  }
}

TEST(Priors, RowsWithoutIslHaveNoStartUpApart) {
  Seen seen;
  seen.reading.isl_known = false;
  for (table::Row& row : seen.group.rows) row.config.load.isl = kUnknown;
  seen.observations = observations(seen.group.rows, seen.reading, seen.reference);
  const Parameters centred = parameters_at(centre(seen.priors()));
  EXPECT_LT(centred[A0], 0.05 * centred[A1]);
}

TEST(Priors, OneRowIsEnough) {
  Seen seen;
  seen.observations.resize(1);
  for (const double z : centre(seen.priors())) EXPECT_TRUE(std::isfinite(z));
}

TEST(Reference, IsTheGeometricMean) {
  const std::vector<table::Row> rows{synthetic::job("tp2", 4, {10, 10}, 1),
                                     synthetic::job("tp8pp4", 16, {10, 10}, 1)};
  const Reference r = reference_of(rows);
  EXPECT_NEAR(std::exp(r.log_tp), 4, 1e-12);
  EXPECT_NEAR(std::exp(r.log_pp), 2, 1e-12);
  EXPECT_NEAR(std::exp(r.log_wave_size), 8, 1e-12);
}

TEST(Reference, CountsRequestsOfOneWaveAndOneReplica) {
  table::Row row = synthetic::job("tp2dp2", 20, {64, 64}, 1);
  row.config.kv_capacity_tokens = 4 * 128;
  EXPECT_NEAR(std::exp(reference_of(std::span(&row, 1)).log_wave_size), 4, 1e-12);
  row.config.kv_capacity_tokens = kUnknown;
  EXPECT_NEAR(std::exp(reference_of(std::span(&row, 1)).log_wave_size), 10, 1e-12);
}

TEST(Reference, WithoutRowsIsTheOrigin) {
  const Reference r = reference_of({});
  EXPECT_EQ(r.log_tp, 0);
  EXPECT_EQ(r.log_pp, 0);
  EXPECT_EQ(r.log_wave_size, 0);
}

}  // namespace
}  // namespace energylens::parametric
