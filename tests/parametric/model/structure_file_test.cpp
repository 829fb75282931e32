// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "edited_numbers.hpp"
#include "energylens/core/error.hpp"
#include "parametric/structure/structures.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::parametric {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const StructureModel& fitted() {
  static const predictor::Structures kStructures = smooth_structures();
  static const table::Group kGroup = noisy_group(0.02);
  static const StructureModel kModel =
      fit_structures(predictor::all_rows(std::span(&kGroup, 1)), options_with(kStructures));
  return kModel;
}

const std::string& text() {
  static const std::string kText = fitted().to_json();
  return kText;
}

std::string refusal(const std::string& json) {
  try {
    StructureModel::from_json(json, "model.json");
    return "no error";
  } catch (const Error& error) {
    return error.what();
  }
}

/// With the value of the first member of that name replaced, up to the next comma or line end.
std::string with_value(const std::string& name, const std::string& value) {
  const std::string quoted = "\"" + name + "\": ";
  const std::size_t begin = text().find(quoted) + quoted.size();
  const std::size_t end = text().find_first_of(",\n", begin);
  return text().substr(0, begin) + value + text().substr(end);
}

TEST(DiscoveredFile, ReadsBackToTheSamePredictions) {
  const StructureModel again = StructureModel::from_json(text(), "model.json");
  EXPECT_EQ(again.to_json(), text());
  for (const table::Row& row : synthetic::smooth_group().rows) {
    const predictor::Prediction a = fitted().predict(0, row.config), b = again.predict(0, row.config);
    EXPECT_EQ(a.total_energy_j.value, b.total_energy_j.value);
    EXPECT_EQ(a.total_energy_j.hi, b.total_energy_j.hi);
    EXPECT_EQ(a.ttft_s.value, b.ttft_s.value);
  }
}

TEST(DiscoveredFile, EditedNumbersAreRefusedOrHarmless) {
  std::vector<table::Configuration> questions;
  const table::Group rows = synthetic::smooth_group();
  for (const table::Row& row : std::span(rows.rows).first(4)) questions.push_back(row.config);
  expect_edits_refused_or_plausible(text(), questions, [](const std::string& json) {
    return StructureModel::from_json(json, "model.json");
  });
}

TEST(DiscoveredFile, PowerTimeWithEditedFiguresIsRefused) {
  table::Group group = noisy_group(0.02);
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "RTX4090"}, {"quant", "FP16"}};
  predictor::FitOptions options;
  const StructureModel model = fit_power_time(predictor::all_rows(std::span(&group, 1)), options);
  ASSERT_TRUE(model.joint()) << "the catalogue has the figures of this group";
  std::vector<table::Configuration> questions = {group.rows.front().config};
  expect_edits_refused_or_plausible(model.to_json(), questions, [](const std::string& json) {
    return StructureModel::from_json(json, "model.json");
  });
}

TEST(DiscoveredFile, CutShortIsRefused) {
  for (std::size_t length = 0; length < text().size() - 2; length += 97)
    EXPECT_THAT(refusal(text().substr(0, length)), StartsWith("model.json:")) << length;
}

TEST(DiscoveredFile, OfAnotherKindOrVersionIsRefused) {
  EXPECT_THAT(refusal(with_value("kind", "\"law\"")), HasSubstr("unknown kind of model: law"));
  EXPECT_THAT(refusal(with_value("schema_version", "9")), HasSubstr("newer than this program"));
  EXPECT_THAT(refusal("{\"format\": \"energylens-front\"}"), HasSubstr("not an EnergyLens model file"));
}

TEST(DiscoveredFile, ValuesThatMakeNoSenseHaveTheirPlace) {
  for (const auto& [name, value] : {std::pair{"formula_postfix", "\"a b\""},
                                    {"formula_postfix", "\"a weights * x *\""},
                                    {"prefill_postfix", "\"a +\""},
                                    {"unit", "\"kJ\""},
                                    {"per_group", "1"},
                                    {"start", "-3"},
                                    {"name", "\"b\""},
                                    {"value", "-1"},
                                    {"value", "null"},
                                    {"covariance", "[]"},
                                    {"residual_sd", "-0.1"},
                                    {"degrees_of_freedom", "0"},
                                    {"rows", "-1"},
                                    {"energy", "null"},
                                    {"data_hash", "3"}}) {
    EXPECT_THAT(refusal(with_value(name, value)), StartsWith("model.json:")) << name << " = " << value;
  }
}

TEST(DiscoveredFile, AMissingMemberIsNamed) {
  for (const std::string name :
       {"schema_version",  "kind",       "seed",        "data_hash", "pooled",
        "groups",          "energy",     "time",        "form",      "formula_postfix",
        "prefill_postfix", "constants",  "search",      "group",     "facts",
        "domain",          "covariance", "residual_sd", "rows",      "degrees_of_freedom"}) {
    std::string json = text();
    const std::string quoted = "\"" + name + "\":";
    json.replace(json.find(quoted), quoted.size(), "\"other\":");
    EXPECT_THAT(refusal(json),
                testing::AllOf(StartsWith("model.json:"), HasSubstr("\"" + name + "\" is missing")));
  }
}

}  // namespace
}  // namespace energylens::parametric
