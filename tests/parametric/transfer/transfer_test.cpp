// SPDX-License-Identifier: Apache-2.0
#include "energylens/parametric/transfer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "energylens/core/error.hpp"
#include "energylens/parametric/fit.hpp"
#include "numerics/dense.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/transfer/prior.hpp"
#include "table/expect_error.hpp"

namespace energylens::parametric {
namespace {

using simulated::kEnergy;

table::GroupIdentity on(const std::string& gpu) {
  table::GroupIdentity identity;
  identity.key = {{"model", "Llama-3-70B"}, {"gpu", gpu}, {"quant", "FP16"}};
  return identity;
}

const table::GroupIdentity kFrom = on("RTX4090"), kTo = on("H800-80GB");

predictor::Facts figures(const table::GroupIdentity& identity) {
  return predictor::facts(identity, hardware::Catalogue::builtin());
}

table::Group rows_of(const table::GroupIdentity& identity, const Parameters& energy, std::uint64_t seed) {
  simulated::Design design;
  design.capacity_per_gpu = 1e6;
  table::Group group = simulated::group(design, 0.03, seed, energy);
  group.identity = identity;
  return group;
}

/// The parameters that specifications make of kEnergy, each off by a factor exp(sd * normal).
Parameters on_the_target(double sd, std::uint64_t seed) {
  Rng rng(seed);
  const PriorSource moved =
      moved_by_specifications({kFrom, figures(kFrom)}, {kTo, figures(kTo)}, Metric::energy);
  Parameters out = kEnergy;
  for (std::size_t j = 0; j < kParameters; ++j) {
    out[j] *= moved.ratios[j];
    if (parameter_infos()[j].scale) out[j] *= std::exp(sd * rng.normal());
  }
  return out;
}

/// A source, then the target with `rows` of its rows.
LawModel fitted(const std::vector<table::Group>& groups, std::size_t rows, std::size_t sources,
                std::uint64_t seed = 1) {
  predictor::TrainingData data = predictor::all_rows(groups);
  Rng rng(seed);
  std::vector<std::size_t>& all = data[1].rows;
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[rng.below(i)]);
  all.resize(std::min(rows, all.size()));
  if (sources == 0) data.erase(data.begin());
  predictor::FitOptions options = simulated::quick(predictor::Target::energy);
  options.sources = sources;
  return fit_law(data, options);
}

/// Mean of |ln(predicted / true)| over the rows of the target.
double error(const LawModel& model, const table::Group& group, const Parameters& truth) {
  const std::size_t last = model.laws().size() - 1;
  double sum = 0;
  for (const table::Row& row : group.rows) {
    const double value = model.predict(last, row.config).total_energy_j.value;
    sum += std::abs(std::log(value / simulated::job(truth, row.config).total()));
  }
  return sum / static_cast<double>(group.rows.size());
}

TEST(Transfer, FewRowsComeNearerToTheTruthWithASource) {
  double with = 0, without = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Parameters truth = on_the_target(0.3, seed);
    const std::vector<table::Group> groups{rows_of(kFrom, kEnergy, 10 + seed),
                                           rows_of(kTo, truth, 20 + seed)};
    with += error(fitted(groups, 6, 1, seed), groups[1], truth);
    without += error(fitted(groups, 6, 0, seed), groups[1], truth);
  }
  EXPECT_LT(with, 0.6 * without);
}

TEST(Transfer, ManyRowsThatContradictTheSourceOverruleIt) {
  Parameters truth = on_the_target(0, 1);
  truth[B3] *= 30;
  truth[B4] = 0.5;
  truth[B1] = -0.8;
  const std::vector<table::Group> groups{rows_of(kFrom, kEnergy, 3), rows_of(kTo, truth, 4)};
  const LawModel with = fitted(groups, 1000, 1), without = fitted(groups, 1000, 0);
  EXPECT_LT(error(with, groups[1], truth), 1.1 * error(without, groups[1], truth) + 1e-3);
}

TEST(Transfer, RowsTakeTheWeightOfAStrangeSourceAway) {
  Parameters strange = kEnergy;
  strange[B1] = -0.9;
  strange[B4] = 0.2;
  const Parameters truth = on_the_target(0, 1);
  const std::vector<table::Group> groups{rows_of(kFrom, strange, 3), rows_of(kTo, truth, 4)};
  const LawModel with = fitted(groups, 30, 1), without = fitted(groups, 30, 0);
  EXPECT_LT(with.laws()[1].energy->prior->weight, 0.5);
  EXPECT_LT(error(with, groups[1], truth), 1.5 * error(without, groups[1], truth))
      << "1.4 % instead of 1.1 %";
}

TEST(Transfer, SourcesKeepTheirOwnNumbers) {
  const std::vector<table::Group> groups{rows_of(kFrom, kEnergy, 3), rows_of(kTo, on_the_target(0.3, 1), 4)};
  const LawModel both = fitted(groups, 10, 1);
  const LawModel alone = fit_law(simulated::all_rows(groups[0]), simulated::quick(predictor::Target::energy));
  EXPECT_EQ(both.laws()[0].energy->parameters, alone.laws()[0].energy->parameters);
  EXPECT_FALSE(both.laws()[0].energy->prior.has_value());
}

/// Pairs of groups as the stated spread makes them: 90 % intervals of zero rows hold about 90 % of what is
/// true.
TEST(Transfer, IntervalsOfZeroRowsCoverSimulatedPairs) {
  const table::Group source = rows_of(kFrom, kEnergy, 3);
  const LawModel known = fit_law(simulated::all_rows(source), simulated::quick(predictor::Target::energy));
  const std::size_t first[] = {0};
  const table::Group target{kTo, {}};
  const LawModel moved =
      transfer(known, first, {target, figures(kTo)}, simulated::quick(predictor::Target::energy));
  const LawFit& told = *moved.laws().front().energy;
  ASSERT_EQ(told.rows, 0u);
  const Coordinates mean = coordinates_of(told.parameters);
  const std::vector<double> root = numerics::cholesky(told.covariance, kParameters);
  std::size_t inside = 0, all = 0;
  Rng rng(5);
  for (int pair = 0; pair < 200; ++pair) {
    Coordinates noise, z = mean;
    for (double& n : noise) n = rng.normal();
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j <= i; ++j) z[i] += root[i * kParameters + j] * noise[j];
    }
    const Parameters truth = parameters_at(z);
    for (const table::Configuration& config :
         {simulated::question("tp2", 4, 512, 256, 1e6), simulated::question("tp8", 64, 2048, 512, 1e6),
          simulated::question("tp4", 16, 32, 64, 1e6)}) {
      const predictor::Estimate said = moved.predict(0, config).total_energy_j;
      const double value = simulated::job(truth, config).total();
      inside += said.lo <= value && value <= said.hi;
      ++all;
    }
  }
  EXPECT_NEAR(static_cast<double>(inside) / static_cast<double>(all), 0.9, 0.06);
}

TEST(Transfer, AModelFileKeepsThePrior) {
  const std::vector<table::Group> groups{rows_of(kFrom, kEnergy, 3), rows_of(kTo, on_the_target(0.3, 1), 4)};
  const LawModel known = fit_law(simulated::all_rows(groups[0]), simulated::quick());
  const std::size_t first[] = {0};
  for (const std::size_t rows : {0u, 7u}) {
    table::Group target = groups[1];
    target.rows.resize(rows);
    const LawModel moved = transfer(known, first, {target, figures(kTo)}, simulated::quick());
    const LawModel again = LawModel::from_json(moved.to_json(), "model.json");
    EXPECT_EQ(again.to_json(), moved.to_json());
    ASSERT_TRUE(again.laws()[0].time->prior.has_value());
    EXPECT_EQ(again.laws()[0].time->prior->sources[0].ratios, moved.laws()[0].time->prior->sources[0].ratios);
    const table::Configuration config = simulated::question("tp8", 8, 512, 256, 1e6);
    EXPECT_EQ(again.predict(0, config).total_energy_j.hi, moved.predict(0, config).total_energy_j.hi);
    EXPECT_THAT(again.predict(0, config).outside,
                testing::MatchesRegex("|mean power .* is above its limit .*"))
        << "where the source was fitted counts as fitted; the made-up parameters draw more than the GPU can";
  }
}

TEST(Transfer, LayoutsThatTheTargetsMemoryCannotHoldAreNotInItsDomain) {
  const table::Group source = rows_of(kTo, kEnergy, 3);  // 80 GB, tp1 to tp8
  const LawModel known = fit_law(simulated::all_rows(source), simulated::quick());
  const std::size_t first[] = {0};
  const LawModel moved = transfer(known, first, {{kFrom, {}}, figures(kFrom)}, simulated::quick());
  const table::Configuration config = simulated::question("tp2", 1, 32, 64);
  EXPECT_FALSE(moved.predict(0, config).inside_domain);
  EXPECT_FALSE(moved.predict(0, config).valid) << "141 GB of weights do not fit into 48 GB";
}

TEST(Transfer, ASourceThatStatesNoIslCannotStandForRowsThatDo) {
  table::Group source = rows_of(kFrom, kEnergy, 3), target = rows_of(kTo, kEnergy, 4);
  for (table::Row& row : source.rows) row.config.load.isl = kUnknown;
  const LawModel known = fit_law(simulated::all_rows(source), simulated::quick());
  const std::size_t first[] = {0};
  const auto moved = [&] { transfer(known, first, {target, figures(kTo)}, simulated::quick()); };
  EXPECT_THROW(moved(), Error);
}

TEST(Transfer, WithoutRowsAndWithoutASourceThereIsNoLaw) {
  std::vector<table::Group> groups{rows_of(kFrom, kEnergy, 3), rows_of(kTo, kEnergy, 4)};
  for (table::Row& row : groups[0].rows) row.config.load.batch = kUnknown;  // no observation of the source
  predictor::TrainingData data = predictor::all_rows(groups);
  data[1].rows.clear();
  predictor::FitOptions options = simulated::quick();
  options.sources = 1;
  EXPECT_THROW(fit_law(data, options), Error);
}

}  // namespace
}  // namespace energylens::parametric
