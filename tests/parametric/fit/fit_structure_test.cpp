// SPDX-License-Identifier: Apache-2.0
#include "parametric/structure_fit.hpp"

#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "expr/check_units.hpp"
#include "parametric/structure/formula_rows.hpp"
#include "parametric/structure/structures.hpp"
#include "predictor/wave_features.hpp"

namespace energylens::parametric {
namespace {

double mape_of(const StructureModel& model, const table::Group& group, bool energy) {
  double sum = 0;
  for (const table::Row& row : group.rows) {
    const predictor::Prediction said = model.predict(0, row.config);
    const double value = energy ? said.total_energy_j.value : said.total_time_s.value;
    const double measured = energy ? row.results.total_energy_j : row.results.total_time_s;
    sum += std::abs(value / measured - 1) / static_cast<double>(group.rows.size());
  }
  return sum;
}

TEST(DiscoveredFit, FindsTheConstantsOfTheTrueStructure) {
  const table::Group group = synthetic::smooth_group();
  const predictor::Structures structures = smooth_structures();
  const StructureModel model =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures));
  EXPECT_LT(mape_of(model, group, true), 2e-3);
  EXPECT_LT(mape_of(model, group, false), 2e-3);
  const std::vector<double>& found = model.content().groups[0].energy->constants;
  EXPECT_NEAR(found[1], 2e-2, 1e-3);
  EXPECT_NEAR(found[6], 0.8, 0.01);
}

TEST(DiscoveredFit, ATargetThatIsNotWantedOrHasNoFormulaIsLeftOut) {
  const table::Group group = synthetic::smooth_group();
  const predictor::Structures structures = smooth_structures(false);
  predictor::FitOptions options = options_with(structures);
  EXPECT_FALSE(fit_structures(predictor::all_rows(std::span(&group, 1)), options).content().groups[0].time);
  options.target = predictor::Target::time;
  EXPECT_THROW(fit_structures(predictor::all_rows(std::span(&group, 1)), options), Error);
}

TEST(DiscoveredFit, IntervalsHoldWhatTheyPromise) {
  const predictor::Structures structures = smooth_structures(false);
  std::size_t inside = 0, all = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const table::Group group = noisy_group(0.05, seed);
    predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
    data[0].rows = shuffled_order(seed, group.rows.size());
    data[0].rows.resize(40);
    const StructureModel model = fit_structures(data, options_with(structures));
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      if (std::ranges::find(data[0].rows, i) != data[0].rows.end()) continue;
      const predictor::Estimate e = model.predict(0, group.rows[i].config).total_energy_j;
      const double measured = group.rows[i].results.total_energy_j;
      inside += e.lo <= measured && measured <= e.hi ? 1 : 0;
      ++all;
    }
  }
  EXPECT_NEAR(static_cast<double>(inside) / static_cast<double>(all), 0.9, 0.05);
}

TEST(DiscoveredFit, ARowFarOffBarelyMoves) {
  table::Group group = noisy_group(0.01);
  const predictor::Structures structures = smooth_structures(false);
  group.rows[17].results.total_energy_j *= 5;
  const StructureModel model =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures));
  const table::Group truth = synthetic::smooth_group();
  EXPECT_LT(mape_of(model, truth, true), 0.01);
}

TEST(DiscoveredFit, PooledGroupsShareWhatIsInsideTerms) {
  const std::vector<table::Group> groups = {noisy_group(0.02, 1, "A"), noisy_group(0.02, 2, "B")};
  const predictor::Structures structures = smooth_structures(false);
  predictor::FitOptions options = options_with(structures);
  options.pool = true;
  const StructureModel pooled = fit_structures(predictor::all_rows(groups), options);
  options.pool = false;
  const StructureModel alone = fit_structures(predictor::all_rows(groups), options);
  const auto constant = [](const StructureModel& m, std::size_t g, std::size_t k) {
    return m.content().groups[g].energy->constants[k];
  };
  EXPECT_EQ(constant(pooled, 0, 6), constant(pooled, 1, 6));
  EXPECT_NE(constant(alone, 0, 6), constant(alone, 1, 6));
  EXPECT_NE(constant(pooled, 0, 1), constant(pooled, 1, 1));
  const auto variance = [](const StructureModel& m) {
    return m.content().groups[0].energy->covariance[6 * 8 + 6];
  };
  EXPECT_LT(variance(pooled), 0.8 * variance(alone)) << "two groups tell more of it than one";
  EXPECT_LT(pooled.effective_parameters(), 5 + 3 + 5);  // priors hold a part of them
  EXPECT_GT(alone.effective_parameters(), pooled.effective_parameters() + 2);
}

TEST(DiscoveredFit, SlopesAreThoseOfDifferences) {
  const predictor::Structure s = *smooth_structures().energy;
  const FormulaPrograms programs(s.formula, s.constants);
  WaveRows rows(Metric::energy);
  for (const table::Row& row : synthetic::smooth_group().rows) rows.add(row.config, {});
  std::vector<double> at;
  for (const predictor::StructureConstant& c : s.constants) at.push_back(c.start);
  const std::vector<double> z = to_coordinates(s, at);
  const auto slopes = programs.slopes(rows, at);
  for (std::size_t k = 0; k < z.size(); ++k) {
    std::vector<double> more = z, less = z;
    more[k] += 1e-5;
    less[k] -= 1e-5;
    const std::vector<double> up = programs.values(rows, from_coordinates(s, more));
    const std::vector<double> down = programs.values(rows, from_coordinates(s, less));
    for (std::size_t i = 0; i < up.size(); i += 7)
      EXPECT_NEAR(slopes[k][i], (up[i] - down[i]) / 2e-5, 1e-5 * up[i]) << k << ' ' << i;
  }
}

TEST(FoundStructures, HaveUnitsAndPrefill) {
  for (const auto& [structure, unit] :
       {std::pair{found_structures().energy, "J"}, {found_structures().time, "s"}}) {
    if (!structure) continue;
    std::vector<expr::NamedUnit> units;
    for (const std::string_view input : predictor::kWaveInputs) units.push_back({std::string(input), Unit()});
    for (const predictor::StructureConstant& c : structure->constants) units.push_back({c.name, c.unit});
    const expr::UnitCheck check = expr::check_units(structure->formula, units);
    EXPECT_TRUE(check.consistent) << check.why;
    EXPECT_EQ(check.unit, parse_unit(unit));
    EXPECT_LE(structure->constants.size(), 12u);
    ASSERT_TRUE(structure->prefill);
  }
  EXPECT_TRUE(found_structures().energy);
}

}  // namespace
}  // namespace energylens::parametric
