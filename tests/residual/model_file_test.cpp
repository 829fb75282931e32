// SPDX-License-Identifier: Apache-2.0
// A model file reads back to the same predictions and draws; others are refused with the place of the
// trouble.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "edited_numbers.hpp"
#include "energylens/core/error.hpp"
#include "residual/stepped.hpp"
#include "table/expect_error.hpp"

namespace energylens::residual {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

const table::Group& group() {
  static const table::Group one = stepped::group(stepped::Step{});
  return one;
}

const CorrectedModel& fitted() {
  static const CorrectedModel model = fit(stepped::drawn(group(), 40), stepped::options());
  return model;
}

const std::string& text() {
  static const std::string json = fitted().to_json();
  return json;
}

std::string refusal_of(std::string json, std::string_view from, std::string_view to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  json.replace(at, from.size(), to);
  return table::error_of([&] { CorrectedModel::from_json(json, "model.json"); });
}

TEST(ModelFile, ReadsBackToTheSamePredictionsAndDraws) {
  const CorrectedModel read = CorrectedModel::from_json(text(), "model.json");
  EXPECT_EQ(read.to_json(), text());
  std::vector<table::Configuration> configs;
  for (std::size_t r = 0; r < group().rows.size(); r += 7) configs.push_back(group().rows[r].config);
  for (const table::Configuration& config : configs) {
    const predictor::Estimate a = fitted().predict(0, config).total_energy_j,
                              b = read.predict(0, config).total_energy_j;
    EXPECT_EQ(a.value, b.value);
    EXPECT_EQ(a.lo, b.lo);
    EXPECT_EQ(a.hi, b.hi);
  }
  EXPECT_EQ(fitted().draw(0, configs, 5, 1), read.draw(0, configs, 5, 1));
}

TEST(ModelFile, EditedNumbersAreRefusedOrHarmless) {
  const std::vector<table::Configuration> questions = {group().rows.front().config,
                                                       group().rows.back().config};
  expect_edits_refused_or_plausible(text(), questions, [](const std::string& json) {
    return CorrectedModel::from_json(json, "model.json");
  });
}

TEST(ModelFile, AGroupWithoutEnergyHasNoCorrection) {
  table::Group timed = group();
  for (table::Row& row : timed.rows) row.results.total_energy_j = kUnknown;
  const CorrectedModel model = fit(stepped::drawn(timed, 40), stepped::options());
  EXPECT_THAT(model.to_json(), HasSubstr("\"corrections\": [null]"));
  EXPECT_FALSE(CorrectedModel::from_json(model.to_json(), "model.json").corrections()[0]);
}

TEST(ModelFile, OtherTextIsRefusedWithItsPlace) {
  EXPECT_THAT(refusal_of(text(), "law+residual", "gp"),
              HasSubstr("expected a model of kind law+residual or discovered:power-time+residual, not gp"));
  EXPECT_THAT(refusal_of(text(), "\"schema_version\": 2", "\"schema_version\": 9"),
              HasSubstr("newer than this program reads"));
  EXPECT_THAT(refusal_of(text(), "\"noise_sd\": 0", "\"noise_sd\": -1"),
              HasSubstr("noise_sd must be positive"));
  EXPECT_THAT(refusal_of(text(), "\"log_ratio\"", "\"ratio\""), HasSubstr("log_ratio"));
  EXPECT_THAT(
      table::error_of([] { CorrectedModel::from_json(text().substr(0, text().size() / 2), "model.json"); }),
      HasSubstr("model.json:"));
  EXPECT_THAT(table::error_of([] { CorrectedModel::from_json("[]", "model.json"); }),
              HasSubstr("not an EnergyLens model file"));
}

}  // namespace
}  // namespace energylens::residual
