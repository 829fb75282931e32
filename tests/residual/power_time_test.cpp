// SPDX-License-Identifier: Apache-2.0
// The process around a formula of discovery instead of the law.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "parametric/structure_fit.hpp"
#include "residual/stepped.hpp"
#include "table/expect_error.hpp"

namespace energylens::residual {
namespace {

using stepped::drawn;
using stepped::mape;
using stepped::options;
using ::testing::HasSubstr;

class AroundPowerTime : public testing::Test {
 protected:
  table::Group group_ = stepped::group(stepped::Step{});
  predictor::TrainingData rows_ = drawn(group_, 60);
  CorrectedModel corrected_ = fit_power_time(rows_, options());
  parametric::StructureModel alone_ = parametric::fit_power_time(rows_, options());
};

TEST_F(AroundPowerTime, LearnsTheStepThatTheFormulaCannotTake) {
  EXPECT_LT(mape(corrected_, group_), 0.6 * mape(alone_, group_));
}

TEST_F(AroundPowerTime, TimesAreThoseOfTheFormulaAndPhasesAddUp) {
  for (const table::Row& row : group_.rows) {
    const predictor::Prediction said = corrected_.predict(0, row.config), was = alone_.predict(0, row.config);
    EXPECT_EQ(said.total_time_s.value, was.total_time_s.value);
    EXPECT_NEAR(said.prefill_energy_j.value + said.decode_energy_j.value, said.total_energy_j.value,
                1e-9 * said.total_energy_j.value);
  }
}

TEST_F(AroundPowerTime, FarFromTheRowsItIsTheFormula) {
  table::Configuration far = group_.rows[100].config;
  far.load.osl = 4e6;
  far.load.batch = 1;
  far.kv_capacity_tokens = 1e9;
  EXPECT_NEAR(corrected_.predict(0, far).total_energy_j.value / alone_.predict(0, far).total_energy_j.value,
              1, 1e-3);
}

TEST_F(AroundPowerTime, AModelFileReadsBackToTheSamePredictionsAndDraws) {
  group_.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "RTX4090"}, {"quant", "FP16"}};
  const CorrectedModel fitted = fit_power_time(drawn(group_, 60), options());
  const auto& form = dynamic_cast<const parametric::StructureModel&>(fitted.form());
  ASSERT_TRUE(form.joint()) << "its figures are published";
  const std::string text = fitted.to_json();
  const CorrectedModel read = CorrectedModel::from_json(text, "model.json");
  EXPECT_EQ(read.to_json(), text);
  EXPECT_EQ(read.kind(), fitted.kind());
  std::vector<table::Configuration> configs;
  for (std::size_t r = 0; r < group_.rows.size(); r += 7) configs.push_back(group_.rows[r].config);
  for (const table::Configuration& config : configs) {
    const predictor::Prediction a = fitted.predict(0, config), b = read.predict(0, config);
    EXPECT_EQ(a.total_energy_j.value, b.total_energy_j.value);
    EXPECT_EQ(a.total_energy_j.lo, b.total_energy_j.lo);
    EXPECT_EQ(a.total_energy_j.hi, b.total_energy_j.hi);
    EXPECT_EQ(a.prefill_energy_j.value, b.prefill_energy_j.value);
    EXPECT_EQ(a.total_time_s.value, b.total_time_s.value);
    EXPECT_EQ(a.total_time_s.hi, b.total_time_s.hi);
  }
  EXPECT_EQ(fitted.draw(0, configs, 5, 1), read.draw(0, configs, 5, 1));
}

TEST_F(AroundPowerTime, OtherModelFilesAreRefusedWithTheirPlace) {
  const auto refusal = [](const std::string& text) {
    return table::error_of([&] { CorrectedModel::from_json(text, "model.json"); });
  };
  const std::string text = corrected_.to_json();
  EXPECT_THAT(refusal(alone_.to_json()), HasSubstr("or discovered:power-time+residual, not discovered"));
  EXPECT_THAT(refusal(text.substr(0, text.size() / 2)), HasSubstr("model.json:"));
  std::string without = text;
  without.replace(without.find("\"corrections\": ["), 16, "\"corrections\": [null, ");
  EXPECT_THAT(refusal(without), HasSubstr("one correction, or null, for each group"));
  EXPECT_EQ(CorrectedModel::from_json(text, "model.json").kind(), "discovered:power-time+residual");
}

TEST_F(AroundPowerTime, DrawsAreSpreadAroundThePrediction) {
  const std::vector<table::Configuration> one = {group_.rows[30].config};
  const std::vector<double> draws = corrected_.draw(0, one, 2000, 7);
  double mean = 0;
  for (const double draw : draws) mean += std::log(draw) / 2000;
  const predictor::Estimate said = corrected_.predict(0, one[0]).total_energy_j;
  EXPECT_NEAR(mean, std::log(said.value), 0.1 * std::log(said.hi / said.lo));
}

}  // namespace
}  // namespace energylens::residual
