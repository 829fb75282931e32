// SPDX-License-Identifier: Apache-2.0
#include "parametric/fit/pool.hpp"

#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

using simulated::Design;
using simulated::kEnergy;

LawModel fitted(const predictor::TrainingData& data, bool pool) {
  predictor::FitOptions options = simulated::quick(predictor::Target::energy);
  options.pool = pool;
  return fit_law(data, options);
}

/// A group whose scales are `factor` times those of kEnergy.
table::Group like(double factor, std::string_view model, double noise = 0.02) {
  Parameters c = kEnergy;
  for (std::size_t j = 0; j < kParameters; ++j) c[j] *= parameter_infos()[j].scale ? factor : 1;
  Design design;
  design.layouts = {"tp2", "tp4", "tp8", "tp4pp2"};
  table::Group group = simulated::group(design, noise, static_cast<std::uint64_t>(1000 * factor), c);
  group.identity.key[0].second = model;
  return group;
}

double energy(const LawModel& model, std::size_t group, const table::Configuration& config) {
  return model.predict(group, config).total_energy_j.value;
}

/// Mean of |ln(predicted / measured)| over all rows of the group.
double error(const LawModel& model, std::size_t index, const table::Group& group) {
  double sum = 0;
  for (const table::Row& row : group.rows) {
    sum += std::abs(std::log(energy(model, index, row.config) / row.results.total_energy_j));
  }
  return sum / static_cast<double>(group.rows.size());
}

TEST(Pool, OneGroupWithManyRowsIsAsAlone) {
  const table::Group group = simulated::group({}, 0.02);
  const LawModel pooled = fitted(simulated::all_rows(group), true),
                 alone = fitted(simulated::all_rows(group), false);
  for (const table::Row& row : group.rows) {
    EXPECT_NEAR(energy(pooled, 0, row.config) / energy(alone, 0, row.config), 1, 0.02);
  }
  EXPECT_TRUE(pooled.record().pooled);
  EXPECT_FALSE(alone.record().pooled);
}

TEST(Pool, AGroupOfOneRowBorrowsFromItsLike) {
  const std::vector<table::Group> groups{like(0.8, "A"), like(1, "B"), like(1.25, "C"), like(1.1, "D")};
  predictor::TrainingData data = predictor::all_rows(groups);
  data[3].rows = {17};
  const LawModel pooled = fitted(data, true), alone = fitted(data, false);
  EXPECT_LT(error(pooled, 3, groups[3]), 0.5 * error(alone, 3, groups[3]));
  EXPECT_LT(error(pooled, 3, groups[3]), 0.15);
  for (std::size_t g = 0; g < 3; ++g)
    EXPECT_LT(error(pooled, g, groups[g]), 0.03) << "rich groups keep their own";
}

TEST(Pool, EffectiveParametersLieBetweenNoneAndTwelveForEachGroup) {
  const std::vector<table::Group> groups{like(0.8, "A"), like(1, "B"), like(1.25, "C")};
  for (const std::size_t rows : {1u, 5u, 72u}) {
    predictor::TrainingData data = predictor::all_rows(groups);
    for (predictor::TrainingGroup& group : data) group.rows.resize(rows);
    const LawModel pooled = fitted(data, true);
    EXPECT_GT(pooled.effective_parameters(), 0);
    EXPECT_LE(pooled.effective_parameters(), 12 * 3);
    EXPECT_LE(pooled.effective_parameters(), 2.0 * 3 * static_cast<double>(rows));
    double sum = 0;
    for (const GroupLaw& law : pooled.laws()) sum += law.energy->effective_parameters;
    EXPECT_NEAR(sum, pooled.effective_parameters(), 1e-9);
  }
}

TEST(Pool, PoolingManyGroupsCostsFewerParametersThanFittingAlone) {
  std::vector<table::Group> groups;
  for (const char* name : {"A", "B", "C", "D", "E", "F", "G", "H"}) {
    groups.push_back(like(0.8 + 0.05 * static_cast<double>(groups.size()), name));
  }
  predictor::TrainingData data = predictor::all_rows(groups);
  for (predictor::TrainingGroup& group : data) group.rows.resize(12);
  EXPECT_LT(fitted(data, true).effective_parameters(), fitted(data, false).effective_parameters());
}

TEST(Pool, TheSameAnswerEachTime) {
  const std::vector<table::Group> groups{like(0.8, "A"), like(1, "B")};
  EXPECT_EQ(fitted(predictor::all_rows(groups), true).to_json(),
            fitted(predictor::all_rows(groups), true).to_json());
}

TEST(Pool, AGroupWithoutTheTargetIsLeftOut) {
  std::vector<table::Group> groups{like(0.8, "A"), like(1, "B")};
  for (table::Row& row : groups[0].rows) {
    row.results = {};
    row.results.total_time_s = 1;
  }
  const LawModel pooled = fitted(predictor::all_rows(groups), true);
  EXPECT_FALSE(pooled.laws()[0].energy.has_value());
  EXPECT_TRUE(pooled.laws()[1].energy.has_value());
}

PoolFeatures features(const std::vector<table::Group>& groups, const std::vector<predictor::Facts>& facts) {
  std::vector<const table::Group*> pointers;
  for (const table::Group& group : groups) pointers.push_back(&group);
  return pool_features(pointers, facts);
}

TEST(PoolFeatures, OneOfAKindHasOnlyTheConstant) {
  const std::vector<table::Group> groups{like(1, "A")};
  const PoolFeatures f = features(groups, {predictor::Facts{}});
  EXPECT_EQ(f.of_exponents, 1u);
  EXPECT_EQ(f.values[0][0], 1);
  for (std::size_t k = 1; k < f.values[0].size(); ++k) EXPECT_EQ(f.values[0][k], 0);
}

TEST(PoolFeatures, AnIndicatorForEveryGpuButTheCommonest) {
  std::vector<table::Group> groups{like(1, "A"), like(1, "B"), like(1, "C"), like(1, "D")};
  const char* gpus[] = {"Y", "X", "Y", "Z"};
  for (std::size_t g = 0; g < 4; ++g) groups[g].identity.key[1].second = gpus[g];
  const PoolFeatures f = features(groups, std::vector<predictor::Facts>(4));
  ASSERT_EQ(f.of_exponents, 3u);
  const double expected[4][3] = {{1, 0, 0}, {1, 1, 0}, {1, 0, 0}, {1, 0, 1}};
  for (std::size_t g = 0; g < 4; ++g) {
    for (std::size_t k = 0; k < 3; ++k) EXPECT_EQ(f.values[g][k], expected[g][k]) << g << " " << k;
  }
}

TEST(PoolFeatures, SizesAreLogarithmsAgainstTheMedianAndUnknownOnesAreTypical) {
  const std::vector<table::Group> groups{like(1, "A"), like(1, "B"), like(1, "C"), like(1, "D")};
  std::vector<predictor::Facts> facts(4);
  facts[0].params = 1e9, facts[1].params = 8e9, facts[2].params = 64e9;
  const PoolFeatures f = features(groups, facts);
  const double expected[4] = {-std::log(8), 0, std::log(8), 0};
  bool found = false;
  for (std::size_t k = 0; k < f.values[0].size(); ++k) {
    bool all = true;
    for (std::size_t g = 0; g < 4; ++g) all = all && std::abs(f.values[g][k] - expected[g]) < 1e-12;
    found = found || all;
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace energylens::parametric
