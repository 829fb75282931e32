// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "explain/account.hpp"
#include "parametric/random_models.hpp"

namespace energylens::explain {
namespace {

/// 1 TFLOP/s and 1 TB/s at 500 W: 500 pJ for each FLOP and byte.
parametric::LawModel law_with_figures() {
  Rng rng(2);
  parametric::GroupLaw law;
  law.facts.params = 1e9;
  law.facts.weight_bytes = 2e9;
  law.facts.kv_bytes_per_token = 1e5;
  law.facts.gpu_tdp_w = 500;
  law.facts.gpu_peak_flops = law.facts.gpu_bandwidth_bytes_s = 1e12;
  law.energy = parametric::random_fit(rng, false);
  parametric::Parameters parameters = law.energy->parameters;
  parameters[parametric::A1] = 2;  // of 2e9 FLOP
  parameters[parametric::B0] = 1;  // of 2e9 bytes
  parametric::set_parameters(*law.energy, parameters);
  parametric::LawContent content;
  content.laws.push_back(law);
  return parametric::LawModel(content);
}

TEST(Yardsticks, CompareWithTheGpuAtItsPeak) {
  std::map<std::string, Yardstick> found;
  for (const Yardstick& one : yardsticks(law_with_figures(), 0)) found[one.parameter] = one;
  ASSERT_TRUE(found.contains("a1"));
  EXPECT_EQ(found["a1"].per, "FLOP");
  EXPECT_NEAR(found["a1"].fitted_per, 1e-9, 1e-18);
  EXPECT_NEAR(found["a1"].chip_per, 500e-12, 1e-18);
  EXPECT_NEAR(found["a1"].ratio(), 2, 1e-9);
  EXPECT_EQ(found["b0"].per, "byte");
  EXPECT_NEAR(found["b0"].ratio(), 1, 1e-9);
  EXPECT_FALSE(found.contains("b4"));
}

TEST(Yardsticks, AreLeftOutWherePublishedFiguresAreUnknown) {
  Rng rng(3);
  EXPECT_TRUE(yardsticks(parametric::random_found(rng), 0).empty());
  parametric::GroupLaw law;
  law.energy = parametric::random_fit(rng, false);
  parametric::LawContent content;
  content.laws.push_back(law);
  EXPECT_TRUE(yardsticks(parametric::LawModel(content), 0).empty());
}

}  // namespace
}  // namespace energylens::explain
