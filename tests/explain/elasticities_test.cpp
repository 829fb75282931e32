// SPDX-License-Identifier: Apache-2.0
// Against laws of which one term is so large that its exponents are the elasticities.
#include <gtest/gtest.h>

#include "energylens/parametric/law_model.hpp"
#include "explain/account.hpp"
#include "parametric/random_models.hpp"

namespace energylens::explain {
namespace {

using parametric::ParameterIndex;

/// A law whose parameters are tiny, except for those given.
parametric::LawModel law_of(std::initializer_list<std::pair<ParameterIndex, double>> numbers) {
  Rng rng(1);
  parametric::GroupLaw law;
  law.energy = parametric::random_fit(rng, false);
  parametric::Parameters parameters = {1e-12, 1e-12, 1e-12, 0, 1e-12, 0, 1e-12, 1e-12, 0, 1e-12, 1, 1e-12};
  for (const auto& [index, value] : numbers) parameters[index] = value;
  parametric::set_parameters(*law.energy, parameters);
  parametric::LawContent content;
  content.laws.push_back(law);
  return parametric::LawModel(content);
}

std::map<std::string, double> per_cents(const parametric::LawModel& law, double capacity = kUnknown) {
  const table::Configuration config{{4, 2, 1, 1}, {table::RowKind::job, 8, kUnknown, 100, 51}, capacity};
  std::map<std::string, double> out;
  for (const Elasticity& one : elasticities(law, 0, config, law.predict(0, config)))
    out[one.input] = one.energy;
  return out;
}

TEST(Elasticities, OfDecodeWorkAreItsExponents) {
  const auto found = per_cents(law_of({{parametric::B3, 1}, {parametric::B4, 0.5}}));
  EXPECT_NEAR(found.at("batch"), 0.5, 1e-2);
  EXPECT_NEAR(found.at("osl"), 51.0 / 50, 2e-2);
  EXPECT_NEAR(found.at("isl"), 0, 1e-6);
  EXPECT_NEAR(found.at("tp"), 0, 1e-6);
}

TEST(Elasticities, OfPrefillFollowTheInput) {
  const auto found = per_cents(law_of({{parametric::A1, 1}, {parametric::A3, -0.3}}));
  EXPECT_NEAR(found.at("isl"), 1, 1e-2);
  EXPECT_NEAR(found.at("batch"), 1, 1e-2);
  EXPECT_NEAR(found.at("pp"), -0.3, 1e-2);
  EXPECT_NEAR(found.at("osl"), 0, 1e-6);
}

TEST(Elasticities, OfReadingWeightsFollowTheDegreeAndTheWaves) {
  const auto found = per_cents(law_of({{parametric::B0, 1}, {parametric::B1, 0.2}}));
  EXPECT_NEAR(found.at("tp"), 0.2, 1e-2);
  EXPECT_NEAR(found.at("batch"), 0, 1e-6);
  // Eight requests fill two waves of four: more of them begin a third.
  EXPECT_GT(per_cents(law_of({{parametric::B0, 1}}), 4 * 192).at("batch"), 20);
}

TEST(Elasticities, TimeIsUnknownWithoutAFitOfIt) {
  const parametric::LawModel law = law_of({});
  const table::Configuration config{{4, 2, 1, 1}, {table::RowKind::job, 8, kUnknown, 100, 51}, kUnknown};
  for (const Elasticity& one : elasticities(law, 0, config, law.predict(0, config)))
    EXPECT_FALSE(known(one.time));
}

}  // namespace
}  // namespace energylens::explain
