// SPDX-License-Identifier: Apache-2.0
// Model files read back to the same model; others are refused with the place of the trouble.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "edited_numbers.hpp"
#include "energylens/core/error.hpp"
#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"
#include "table/expect_error.hpp"

namespace energylens::parametric {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

simulated::Design small_design() {
  simulated::Design design;
  design.layouts = {"tp4", "tp4pp2", "tp2dp2"};
  design.capacity_per_gpu = 8000;
  return design;
}

LawModel fitted() {
  return fit_law(simulated::all_rows(simulated::group(small_design(), 0.05)), simulated::quick());
}

const std::string& text() {
  static const std::string json = fitted().to_json();
  return json;
}

LawModel read(const std::string& json) {
  return LawModel::from_json(json, "model.json");
}

std::string replaced(std::string json, std::string_view from, std::string_view to) {
  const std::size_t at = json.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? json : json.replace(at, from.size(), to);
}

void expect_same(const predictor::Estimate& a, const predictor::Estimate& b) {
  for (const auto& [x, y] : {std::pair{a.value, b.value}, {a.lo, b.lo}, {a.hi, b.hi}}) {
    EXPECT_TRUE(x == y || (!known(x) && !known(y)));
  }
}

void expect_same(const LawModel& a, const LawModel& b) {
  EXPECT_EQ(a.to_json(), b.to_json());
  for (const table::Configuration& config : small_design().questions()) {
    const predictor::Prediction p = a.predict(0, config), q = b.predict(0, config);
    expect_same(p.total_energy_j, q.total_energy_j);
    expect_same(p.prefill_energy_j, q.prefill_energy_j);
    expect_same(p.total_time_s, q.total_time_s);
    expect_same(p.ttft_s, q.ttft_s);
    EXPECT_EQ(p.kv_capacity_source, q.kv_capacity_source);
    EXPECT_EQ(p.outside, q.outside);
  }
}

TEST(ModelFile, ReadsBackToTheSameModel) {
  expect_same(fitted(), read(text()));
}

TEST(ModelFile, ReadsBackOneTargetAndFittedCapacities) {
  const table::Group group = simulated::group(small_design(), 0.05);
  predictor::FitOptions options = simulated::quick(predictor::Target::time);
  options.kv_capacity_tokens = 30000;
  const LawModel fitted_capacity = fit_law(simulated::all_rows(group), options, CapacityMode::fitted);
  ASSERT_FALSE(fitted_capacity.laws()[0].fitted_capacity.empty());
  expect_same(fitted_capacity, read(fitted_capacity.to_json()));
}

TEST(ModelFile, ReadsBackPooledGroups) {
  const std::vector<table::Group> groups{synthetic::smooth_group("A"), synthetic::smooth_group("B", 2)};
  predictor::FitOptions options = simulated::quick(predictor::Target::energy);
  options.pool = true;
  options.seed = 18446744073709551615u;
  const LawModel pooled = fit_law(predictor::all_rows(groups), options);
  const LawModel again = read(pooled.to_json());
  EXPECT_EQ(again.to_json(), pooled.to_json());
  EXPECT_TRUE(again.record().pooled);
  EXPECT_EQ(again.record().seed, options.seed);
  EXPECT_EQ(again.groups().size(), 2u);
  EXPECT_EQ(again.groups()[1].key, groups[1].identity.key);
  EXPECT_EQ(again.effective_parameters(), pooled.effective_parameters());
  EXPECT_EQ(again.record().data_hash, pooled.record().data_hash);
}

TEST(ModelFile, SaysWhatPeopleWantToKnow) {
  for (const char* part :
       {"\"format\": \"energylens-model\"", "\"schema_version\": 2", "\"unit\": \"J/token\"",
        "\"unit\": \"s/token\"", "\"formula\": \"(a0 + a1", "\"data_hash\"", "\"domain\""}) {
    EXPECT_THAT(text(), HasSubstr(part));
  }
}

TEST(ModelFile, TruncatedAnywhereIsRefused) {
  const std::size_t end = text().rfind('}');
  for (std::size_t length = 0; length < end; length += 50) {
    EXPECT_THAT(table::error_of([&] { read(text().substr(0, length)); }), StartsWith("model.json:"))
        << length;
  }
}

TEST(ModelFile, EditedNumbersAreRefusedOrHarmless) {
  const std::vector<table::Configuration> questions = small_design().questions();
  expect_edits_refused_or_plausible(
      text(), std::span(questions).first(std::min<std::size_t>(4, questions.size())), read);
}

TEST(ModelFile, WhatIsNoCovarianceIsRefused) {
  const auto edited = [](std::size_t i, std::size_t j, double value) {
    LawContent content{fitted().record(), fitted().laws()};
    content.laws[0].energy->covariance[i * kParameters + j] = value;
    return table::error_of([&] { read(LawModel(content).to_json()); });
  };
  EXPECT_THAT(edited(0, 0, -0.01), HasSubstr("not a covariance"));
  EXPECT_THAT(edited(3, 3, 1e300), HasSubstr("not a covariance"));
  EXPECT_THAT(edited(1, 2, 50), HasSubstr("not a covariance")) << "not symmetric";
  EXPECT_THAT(edited(4, 4, 0), HasSubstr("not a covariance")) << "correlated with what does not vary";
}

TEST(ModelFile, NewerAndForeignFilesAreRefused) {
  const auto refusal = [](const std::string& json) { return table::error_of([&] { read(json); }); };
  EXPECT_THAT(refusal(replaced(text(), "\"schema_version\": 2", "\"schema_version\": 3")),
              testing::AllOf(StartsWith("model.json:3:"), HasSubstr("newer than this program")));
  EXPECT_THAT(refusal(replaced(text(), "\"schema_version\": 2", "\"schema_version\": 1")),
              testing::AllOf(StartsWith("model.json:3:"), HasSubstr("fit it again")));
  EXPECT_THAT(refusal(replaced(text(), "\"kind\": \"law\"", "\"kind\": \"forest\"")),
              testing::AllOf(StartsWith("model.json:4:"), HasSubstr("forest")));
  for (const char* foreign : {"{}", "[]", "3", "null", "{\"format\": \"other\"}", "{\"format\": 3}"}) {
    EXPECT_THAT(refusal(foreign), StartsWith("model.json:1:")) << foreign;
  }
}

TEST(ModelFile, AMissingMemberIsNamed) {
  for (const std::string name : {"schema_version",
                                 "kind",
                                 "seed",
                                 "data_hash",
                                 "pooled",
                                 "groups",
                                 "group",
                                 "key",
                                 "arch",
                                 "simulated",
                                 "isl_known",
                                 "facts",
                                 "fitted_capacity_tokens",
                                 "capacity_factor",
                                 "domain",
                                 "layouts",
                                 "batch_per_replica",
                                 "isl",
                                 "osl",
                                 "image_tokens",
                                 "energy",
                                 "time",
                                 "parameters",
                                 "b7",
                                 "value",
                                 "determined",
                                 "covariance",
                                 "residual_sd",
                                 "rows",
                                 "degrees_of_freedom",
                                 "rank",
                                 "undetermined",
                                 "termination",
                                 "residuals_by_layout",
                                 "bias",
                                 "falls",
                                 "warnings"}) {
    const std::string quoted = "\"" + name + "\":";
    const std::string refusal = table::error_of([&] { read(replaced(text(), quoted, "\"other\":")); });
    EXPECT_THAT(refusal, testing::AllOf(StartsWith("model.json:"), HasSubstr("\"" + name + "\" is missing")));
  }
}

/// The text of the value of the first member of that name, up to the next comma or line end.
std::string with_value(const std::string& name, const std::string& value) {
  const std::string quoted = "\"" + name + "\": ";
  const std::size_t begin = text().find(quoted) + quoted.size();
  const std::size_t end = text().find_first_of(",\n", begin);
  return text().substr(0, begin) + value + text().substr(end);
}

TEST(ModelFile, AValueOfTheWrongTypeHasItsPlace) {
  for (const auto& [name, value] : {std::pair{"schema_version", "\"2\""},
                                    {"seed", "-1"},
                                    {"seed", "1.5"},
                                    {"data_hash", "7"},
                                    {"pooled", "0"},
                                    {"arch", "3"},
                                    {"isl_known", "\"yes\""},
                                    {"params", "\"70\""},
                                    {"capacity_factor", "null"},
                                    {"value", "null"},
                                    {"value", "\"3\""},
                                    {"determined", "1"},
                                    {"residual_sd", "null"},
                                    {"rows", "-2"},
                                    {"rank", "1.5"},
                                    {"termination", "null"},
                                    {"bias", "true"}}) {
    EXPECT_THAT(table::error_of([&] { read(with_value(name, value)); }), StartsWith("model.json:"))
        << name << " = " << value;
  }
}

TEST(ModelFile, NumbersThatMakeNoSenseAreRefused) {
  const auto refusal = [](const std::string& json) { return table::error_of([&] { read(json); }); };
  EXPECT_THAT(refusal(with_value("value", "-1")), HasSubstr("outside its bounds"));  // a0 is a scale
  EXPECT_THAT(refusal(replaced(text(), "\"covariance\": [", "\"covariance\": [0, ")),
              HasSubstr("144 numbers"));
  EXPECT_THAT(refusal(replaced(text(), "\"isl\": [", "\"isl\": [0, ")), HasSubstr("two numbers"));
  EXPECT_THAT(refusal(with_value("degrees_of_freedom", "0")), StartsWith("model.json:"));
  EXPECT_THAT(refusal(with_value("residual_sd", "-0.1")), StartsWith("model.json:"));
}

TEST(ModelFile, ALayoutThatIsNoneHasItsPlace) {
  EXPECT_THAT(table::error_of([] { read(replaced(text(), "\"tp4pp2\"", "\"tp4qq2\"")); }),
              StartsWith("model.json:"));
  EXPECT_THAT(table::error_of([] { read(replaced(text(), "\"layout\": \"tp4\"", "\"layout\": \"\"")); }),
              StartsWith("model.json:"));
  EXPECT_THAT(
      table::error_of([] {
        read(replaced(text(), "\"fitted_capacity_tokens\": {", "\"fitted_capacity_tokens\": {\"tpx\": 7"));
      }),
      StartsWith("model.json:"));
}

TEST(ModelFile, WithoutGroupsIsRefused) {
  const std::size_t begin = text().find("\"groups\": ");
  EXPECT_THAT(table::error_of([&] { read(text().substr(0, begin) + "\"groups\": []}"); }),
              HasSubstr("at least one group"));
}

}  // namespace
}  // namespace energylens::parametric
