// SPDX-License-Identifier: Apache-2.0
// What every predictor in the table promises, whatever it is.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <thread>

#include "energylens/core/error.hpp"
#include "energylens/core/rng.hpp"
#include "energylens/registry/kinds.hpp"
#include "synthetic_group.hpp"

namespace energylens::registry {

// Found by the test framework, which would print bytes otherwise.
static void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

namespace {

using synthetic::smooth_group;

class Contract : public testing::TestWithParam<Kind> {
 protected:
  std::unique_ptr<predictor::Predictor> fit(const predictor::TrainingData& data,
                                            std::uint64_t seed = 1) const {
    predictor::FitOptions options;
    options.target = predictor::Target::energy;
    options.seed = seed;
    options.run.threads = 1;
    return GetParam().fit(data, options);
  }

  /// Forty rows of the group and every scenario.
  static predictor::TrainingData sampled(const table::Group& group) {
    predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
    data[0].rows = shuffled_order(3, group.rows.size());
    data[0].rows.resize(40);
    return data;
  }
};

double energy(const predictor::Predictor& predictor, const table::Configuration& config) {
  return predictor.predict(0, config).scenario_energy(config.load.kind).value;
}

std::vector<double> energies(const predictor::Predictor& predictor, const table::Group& group) {
  std::vector<double> all;
  for (const table::Row& row : group.rows) all.push_back(energy(predictor, row.config));
  return all;
}

std::vector<table::Row> rows_of(const table::Group& group, const table::Scenario& scenario) {
  std::vector<table::Row> rows;
  for (const std::size_t row : scenario.rows) rows.push_back(group.rows[row]);
  return rows;
}

/// Equal, or both unknown, to the rounding of sums in another order.
void expect_same(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(known(a[i]), known(b[i])) << "row " << i;
    if (!known(a[i])) continue;
    EXPECT_NEAR(a[i] / b[i], 1, tolerance) << "row " << i;
  }
}

TEST_P(Contract, NamesItselfAndItsGroups) {
  const table::Group group = smooth_group();
  const auto predictor = fit(sampled(group));
  EXPECT_TRUE(GetParam().name.starts_with(predictor->kind()));
  ASSERT_EQ(predictor->groups().size(), 1u);
  EXPECT_EQ(predictor->groups()[0].key, group.identity.key);
}

TEST_P(Contract, EnergiesArePositiveOrUnknown) {
  const table::Group group = smooth_group();
  const auto predictor = fit(sampled(group));
  std::size_t predicted = 0;
  for (const double value : energies(*predictor, group)) {
    EXPECT_FALSE(value <= 0);
    predicted += known(value) ? 1 : 0;
  }
  EXPECT_EQ(predicted, GetParam().predicts_energy ? group.rows.size() : 0);
}

TEST_P(Contract, PicksOneOfTheCandidates) {
  const table::Group group = smooth_group();
  const auto predictor = fit(sampled(group));
  for (const table::Scenario& scenario : table::scenarios(group)) {
    EXPECT_LT(predictor->choose(0, rows_of(group, scenario)), scenario.rows.size());
  }
}

TEST_P(Contract, TheOrderOfTheRowsDoesNotMatter) {
  const table::Group group = smooth_group();
  const predictor::TrainingData data = sampled(group);
  table::Group turned = group;
  std::ranges::reverse(turned.rows);
  predictor::TrainingData turned_data = predictor::all_rows(std::span(&turned, 1));
  turned_data[0].rows.clear();
  for (const std::size_t row : data[0].rows) turned_data[0].rows.push_back(group.rows.size() - 1 - row);
  const auto straight = fit(data), reversed = fit(turned_data);
  expect_same(energies(*straight, group), energies(*reversed, group), 1e-6);
  for (const table::Scenario& scenario : table::scenarios(group)) {
    const std::vector<table::Row> rows = rows_of(group, scenario);
    EXPECT_EQ(straight->choose(0, rows), reversed->choose(0, rows));
  }
}

TEST_P(Contract, TheSameSeedGivesTheSameAnswer) {
  const table::Group group = smooth_group();
  expect_same(energies(*fit(sampled(group), 7), group), energies(*fit(sampled(group), 7), group), 0);
}

TEST_P(Contract, OneRowIsEnoughForAnAnswer) {
  table::Group group = smooth_group();
  group.rows.resize(1);
  const auto predictor = fit(predictor::all_rows(std::span(&group, 1)));
  const double value = energy(*predictor, group.rows[0].config);
  EXPECT_EQ(known(value), GetParam().predicts_energy);
  EXPECT_EQ(predictor->choose(0, group.rows), 0u);
}

TEST_P(Contract, OneLayoutIsEnoughForAnAnswer) {
  table::Group group = smooth_group();
  std::erase_if(group.rows, [](const table::Row& row) { return row.config.layout.tp != 8; });
  const auto predictor = fit(predictor::all_rows(std::span(&group, 1)));
  EXPECT_EQ(known(energy(*predictor, group.rows.back().config)), GetParam().predicts_energy);
}

TEST_P(Contract, SteadyRowsAreServedToo) {
  std::vector<table::Row> rows;
  for (const double batch : {1, 4, 16, 64}) {
    rows.push_back(synthetic::steady("tp2", 0.9 * batch, batch, 2 / batch + 0.1, 0.02));
    rows.push_back(synthetic::steady("tp4", 0.8 * batch, batch, 3 / batch + 0.05, 0.01));
  }
  const table::Group group = synthetic::group_of(rows);
  const auto predictor = fit(predictor::all_rows(std::span(&group, 1)));
  for (const double value : energies(*predictor, group)) EXPECT_EQ(known(value), GetParam().predicts_energy);
}

TEST_P(Contract, SeveralGroupsInOneFit) {
  const std::vector<table::Group> groups = {smooth_group("A"), smooth_group("B", 3)};
  for (const bool pool : {false, true}) {
    predictor::FitOptions options;
    options.target = predictor::Target::energy;
    options.pool = pool;
    options.run.threads = 1;
    const auto predictor = GetParam().fit(predictor::all_rows(groups), options);
    EXPECT_EQ(predictor->groups().size(), 2u);
    const table::Configuration& config = groups[0].rows[60].config;
    const double first = predictor->predict(0, config).total_energy_j.value;
    const double second = predictor->predict(1, config).total_energy_j.value;
    EXPECT_EQ(known(first), GetParam().predicts_energy);
    if (!known(first)) continue;
    EXPECT_NEAR(second / first, 3, 0.9) << (pool ? "pooled" : "alone");
  }
}

TEST_P(Contract, SafeFromSeveralThreads) {
  const table::Group group = smooth_group();
  const auto predictor = fit(sampled(group));
  const std::vector<double> expected = energies(*predictor, group);
  std::vector<std::vector<double>> found(4);
  {
    std::vector<std::jthread> threads;
    for (std::vector<double>& slot : found) threads.emplace_back([&] { slot = energies(*predictor, group); });
  }
  for (const std::vector<double>& slot : found) expect_same(slot, expected, 0);
}

std::string test_name(const testing::TestParamInfo<Kind>& info) {
  std::string name(info.param.name);
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Contract, testing::ValuesIn(kinds().begin(), kinds().end()), test_name);

}  // namespace
}  // namespace energylens::registry
