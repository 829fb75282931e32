// SPDX-License-Identifier: Apache-2.0
// One set of constants behind energies and times, and the single form that is built on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/core/error.hpp"
#include "expr/check_units.hpp"
#include "parametric/structure/formula_rows.hpp"
#include "parametric/structure/structures.hpp"
#include "predictor/quantities.hpp"

namespace energylens::parametric {
namespace {

using testing::HasSubstr;

/// A deployment of the single form: the published figures are those of the catalogue, the ratios to them
/// these.
table::Group power_time_group(double sd, std::uint64_t seed = 3) {
  table::Group group = synthetic::group_of({}, "Llama-3-70B");
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "RTX4090"}, {"quant", "FP16"}};
  const predictor::Facts facts = predictor::facts(group.identity, hardware::Catalogue::builtin());
  const predictor::Structures& form = power_time_structures();
  const std::vector<double> truth = {4e-3, 4e-7, 0.95, 3, 0.8, 2.2, 0, 1.8, 0.23, 2.3e-10, 1.2, 4e-13};
  const FormulaPrograms energy(form.energy->formula, form.energy->constants),
      time(form.time->formula, form.time->constants);
  WaveRows in_energy(Metric::energy), in_time(Metric::time);
  for (const std::string_view layout : {"tp8", "tp4pp2", "tp1pp8"}) {
    for (const double batch : {1, 2, 4, 8, 16, 32, 64}) {
      for (const double isl : {1, 512}) {
        for (const double osl : {256, 1024}) {
          group.rows.push_back(synthetic::job(layout, batch, {isl, osl}, 1, 1));
          group.rows.back().config.kv_capacity_tokens = 90000;
          in_energy.add(group.rows.back().config, facts);
          in_time.add(group.rows.back().config, facts);
        }
      }
    }
  }
  const std::vector<double> joules = energy.values(in_energy, truth),
                            seconds = time.values(in_time, std::span(truth).first(8));
  Rng rng(seed);
  for (std::size_t i = 0; i < joules.size(); ++i) {
    group.rows[i].results.total_energy_j = joules[i] * std::exp(sd * rng.normal());
    group.rows[i].results.total_time_s = seconds[i] * std::exp(sd * rng.normal());
  }
  return group;
}

predictor::TrainingData rows_of_layout(const table::Group& group, std::string_view layout) {
  predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  data[0].rows.clear();
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    if (group.rows[i].config.layout == table::parse_layout(layout)) data[0].rows.push_back(i);
  }
  return data;
}

double worst_error(const StructureModel& model, const table::Group& group, bool energy) {
  double worst = 0;
  for (const table::Row& row : group.rows) {
    const predictor::Prediction said = model.predict(0, row.config);
    const double ratio = energy ? said.total_energy_j.value / row.results.total_energy_j
                                : said.total_time_s.value / row.results.total_time_s;
    worst = std::max(worst, std::abs(ratio - 1));
  }
  return worst;
}

TEST(PowerTime, FindsTheTruthAndHoldsOneSetOfConstants) {
  const table::Group group = power_time_group(0);
  const StructureModel model = fit_power_time(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_LT(worst_error(model, group, true), 0.03);
  EXPECT_LT(worst_error(model, group, false), 0.03);
  const GroupStructure& fitted = model.content().groups[0];
  ASSERT_TRUE(fitted.energy && fitted.time);
  for (std::size_t k = 0; k < fitted.time->constants.size(); ++k)
    EXPECT_EQ(fitted.time->constants[k], fitted.energy->constants[k]) << k;
}

TEST(PowerTime, SpeaksOfALayoutThatWasNotMeasured) {
  const table::Group group = power_time_group(0.01);
  const StructureModel model = fit_power_time(rows_of_layout(group, "tp8"), {});
  EXPECT_LT(worst_error(model, group, true), 0.35);
  const StructureModel found = fit_structures(rows_of_layout(group, "tp8"), {});
  EXPECT_LT(worst_error(model, group, true), 0.5 * worst_error(found, group, true));
}

TEST(PowerTime, TimesTellOfEnergies) {
  const table::Group group = power_time_group(0.02);
  const auto effective = [&](bool timed) {
    table::Group copy = group;
    for (table::Row& row : copy.rows) row.results.total_time_s = timed ? row.results.total_time_s : kUnknown;
    const StructureModel model = fit_power_time(predictor::all_rows(std::span(&copy, 1)), {});
    EXPECT_EQ(model.content().groups[0].time.has_value(), timed);
    return model.content().groups[0].energy->covariance[0];
  };
  EXPECT_LT(effective(true), 0.5 * effective(false)) << "the time of a step without load is seen in times";
}

TEST(PowerTime, FiguresThatAreNotPublishedGiveWayToTheFoundFormula) {
  const table::Group group = synthetic::smooth_group();
  const StructureModel model = fit_power_time(predictor::all_rows(std::span(&group, 1)), {});
  EXPECT_EQ(model.content().structures.energy->formula, found_structures().energy->formula);
}

TEST(PowerTime, HasUnitsAndTwelveConstants) {
  std::vector<expr::NamedUnit> units;
  for (const std::string_view input : predictor::kWaveInputs) units.push_back({std::string(input), Unit()});
  for (const predictor::PublishedQuantity& q : predictor::quantities()) {
    const auto of = std::ranges::find(units, q.name, &expr::NamedUnit::name);
    ASSERT_NE(of, units.end());
    of->unit = parse_unit(q.unit);
  }
  for (const bool energy : {true, false}) {
    const predictor::Structure& s = energy ? *power_time_structures().energy : *power_time_structures().time;
    std::vector<expr::NamedUnit> all = units;
    for (const predictor::StructureConstant& c : s.constants) all.push_back({c.name, c.unit});
    const expr::UnitCheck check = expr::check_units(s.formula, all);
    EXPECT_TRUE(check.consistent) << check.why;
    EXPECT_EQ(check.unit, parse_unit(energy ? "J" : "s"));
    EXPECT_LE(s.constants.size(), 12u);
  }
}

TEST(PowerTime, AFileKeepsThatConstantsAreOne) {
  const table::Group group = power_time_group(0.01);
  const StructureModel model = fit_power_time(predictor::all_rows(std::span(&group, 1)), {});
  const std::string text = model.to_json();
  const StructureModel again = StructureModel::from_json(text, "model.json");
  EXPECT_EQ(again.to_json(), text);
  EXPECT_TRUE(again.content().structures.joint);
  predictor::FitOptions frozen;
  frozen.structures = &again.content().structures;
  EXPECT_LT(worst_error(fit_structures(predictor::all_rows(std::span(&group, 1)), frozen), group, true), 0.1);
}

TEST(PowerTime, AFileWhoseTimeHasConstantsOfItsOwnIsNotJoint) {
  const table::Group group = noisy_group(0.01);
  const predictor::Structures structures = smooth_structures();
  std::string text =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures)).to_json();
  const std::string off = "\"joint\": false";
  ASSERT_NE(text.find(off), std::string::npos);
  text.replace(text.find(off), off.size(), "\"joint\": true");
  try {
    StructureModel::from_json(text, "model.json");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("lacks a constant of the time formula"));
  }
}

TEST(PowerTime, AFileFromBeforeIsReadAsItWas) {
  const table::Group group = noisy_group(0.01);
  const predictor::Structures structures = smooth_structures();
  std::string text =
      fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures)).to_json();
  const std::string joint = "\"joint\": false,", sd = "\"sd\": null";
  text.erase(text.find(joint), joint.size());
  for (std::size_t at = text.find(sd); at != std::string::npos; at = text.find(sd)) {
    const std::size_t comma = text.rfind(',', at);
    text.erase(comma, at + sd.size() - comma);
  }
  const StructureModel old = StructureModel::from_json(text, "model.json");
  EXPECT_FALSE(old.content().structures.joint);
  EXPECT_FALSE(known(old.content().structures.energy->constants[0].sd));
}

}  // namespace
}  // namespace energylens::parametric
