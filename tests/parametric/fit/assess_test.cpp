// SPDX-License-Identifier: Apache-2.0
#include "energylens/parametric/assess.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::parametric {
namespace {

using predictor::Grade;
using simulated::Design;
using testing::HasSubstr;

Assessment assessed(const table::Group& group, predictor::Target target = predictor::Target::both) {
  const predictor::TrainingData data = simulated::all_rows(group);
  predictor::FitOptions options = simulated::quick(target);
  options.starts = 4;
  const LawModel model = fit_law(data, options);
  return assess(model, 0, data.front(), options);
}

std::string text(const Assessment& assessment) {
  return predictor::verdict_text(assessment.verdict);
}

/// 60 rows of layouts that differ in all degrees, without phases.
Design totals() {
  Design design;
  design.layouts = {"tp1", "tp2", "tp8", "tp4pp2", "tp2dp4"};
  design.batches = {8, 64};
  design.phases = false;
  return design;
}

/// The design with every energy multiplied by a number of its own.
table::Group scaled(const std::function<double(const table::Configuration&)>& factor, bool with_times = false,
                    Design design = totals()) {
  table::Group group = simulated::group(design, 0.02);
  for (table::Row& row : group.rows) {
    const double f = factor(row.config);
    row.results.total_energy_j *= f;
    row.results.prefill_energy_j *= f;
    row.results.decode_energy_j *= f;
    if (!with_times)
      row.results.total_time_s = row.results.prefill_time_s = row.results.decode_time_s = kUnknown;
  }
  return group;
}

double gpus(const table::Configuration& config) {
  return config.layout.gpus();
}

TEST(Assess, ManyGoodRowsAreGood) {
  const Assessment good = assessed(simulated::group(totals(), 0.02));
  EXPECT_EQ(good.verdict.grade, Grade::good) << text(good);
  EXPECT_THAT(text(good), HasSubstr("mean error of the energies"));
  EXPECT_EQ(good.worst_energies.size(), 5u);
  EXPECT_EQ(good.worst_times.size(), 5u);
}

TEST(Assess, EnergyOfOneGpuInsteadOfAllIsNamed) {
  const Assessment one = assessed(scaled([](const auto& config) { return 1 / gpus(config); }));
  EXPECT_EQ(one.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(one), HasSubstr("energy falls as 1/GPUs: is it the energy of one GPU instead of all?"));
}

TEST(Assess, PhasesOfOneGpuAreNamedToo) {
  Design design = totals();
  design.phases = true;
  const Assessment one =
      assessed(scaled([](const auto& config) { return 1 / gpus(config); }, true, std::move(design)));
  EXPECT_EQ(one.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(one), HasSubstr("1/GPUs"));
}

TEST(Assess, EnergyOfOneReplicaIsNamed) {
  Design design = totals();
  design.layouts = {"tp1", "tp1dp2", "tp1dp4", "tp2dp4", "tp8"};
  const Assessment one =
      assessed(scaled([](const auto& config) { return 1.0 / config.layout.dp; }, false, design));
  EXPECT_EQ(one.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(one), HasSubstr("one replica instead of all"));
}

TEST(Assess, EnergyOfOneRequestIsNamed) {
  Design design = totals();
  design.batches = {1, 8, 64};
  const Assessment one =
      assessed(scaled([](const auto& config) { return 1 / config.load.batch; }, false, design));
  EXPECT_EQ(one.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(one), HasSubstr("one request instead of the whole job"));
}

TEST(Assess, ALayoutMeasuredOnOneGpuIsNamed) {
  const Assessment one = assessed(
      scaled([](const auto& config) { return config.layout == table::parse_layout("tp8") ? 1.0 / 8 : 1.0; }));
  EXPECT_EQ(one.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(one), HasSubstr("one GPU instead of all"));
  ASSERT_EQ(one.worst_energies.size(), 5u);
  for (const FittedRow& row : one.worst_energies) EXPECT_EQ(row.row->config.layout.tp, 8);
}

TEST(Assess, PowerOfOneGpuIsNamedWhereEveryRowHasAsManyGpus) {
  Design design = totals();
  design.layouts = {"tp8", "tp4pp2"};
  table::Group group = scaled([](const auto&) { return 1.0; }, true, design);
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "H100-80GB-SXM"}};
  for (table::Row& row : group.rows)
    row.results.total_time_s = row.results.total_energy_j / 320;  // 40 W each
  EXPECT_THAT(text(assessed(group)), HasSubstr("less than one GPU draws without load"));
  for (table::Row& row : group.rows) row.results.total_time_s = row.results.total_energy_j / 3200;
  EXPECT_EQ(assessed(group).verdict.grade, Grade::good);
}

TEST(Assess, MorePowerThanTheLimitIsNamed) {
  table::Group group = scaled([](const auto&) { return 1.0; }, true);
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "H100-80GB-SXM"}};
  for (table::Row& row : group.rows)
    row.results.total_time_s = row.results.total_energy_j / (1233 * gpus(row.config));
  const Assessment above = assessed(group);
  EXPECT_EQ(above.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(above), HasSubstr("more power per GPU than its limit of 700 W"));
  group.identity.key.emplace_back("power_limit_w", "1300");
  EXPECT_THAT(text(assessed(group)), testing::Not(HasSubstr("more power per GPU")));
}

TEST(Assess, FewRowsOneLayoutAndSimulatedRowsAreUsable) {
  table::Group group = simulated::group(totals(), 0.02);
  group.identity.simulated = true;
  EXPECT_THAT(text(assessed(group)), HasSubstr("nothing was measured"));
  group.identity.simulated = false;
  group.rows.resize(5);
  const Assessment few = assessed(group);
  EXPECT_EQ(few.verdict.grade, Grade::usable);
  EXPECT_THAT(text(few), HasSubstr("only 5 rows"));
  EXPECT_THAT(text(few), HasSubstr("one layout only (tp1)"));
}

TEST(Assess, NoiseWithoutAPatternIsNotToBeUsed) {
  const Assessment noisy = assessed(simulated::group(totals(), 0.8));
  EXPECT_EQ(noisy.verdict.grade, Grade::do_not_use);
  EXPECT_THAT(text(noisy), testing::Not(HasSubstr("instead of")));
}

TEST(Assess, BadTimesAloneDoNotSpoilTheEnergies) {
  table::Group group = simulated::group(totals(), 0.02);
  const table::Group noisy = simulated::group(totals(), 0.8, 3);
  for (std::size_t i = 0; i < group.rows.size(); ++i)
    group.rows[i].results.total_time_s = noisy.rows[i].results.total_time_s;
  const Assessment mixed = assessed(group);
  EXPECT_EQ(mixed.verdict.grade, Grade::usable) << text(mixed);
  EXPECT_THAT(text(mixed), HasSubstr("do not use latencies and rates"));
  EXPECT_EQ(assessed(group, predictor::Target::time).verdict.grade, Grade::do_not_use);
}

}  // namespace
}  // namespace energylens::parametric
