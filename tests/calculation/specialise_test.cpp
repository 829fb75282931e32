// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "calculation/calculation.hpp"
#include "parametric/random_models.hpp"

namespace energylens::calculation {
namespace {

TEST(Specialised, GivesTheSameForTheInputsThatAreLeft) {
  Rng rng(21);
  for (int i = 0; i < 12; ++i) {
    const parametric::LawModel model = parametric::random_law(rng, parametric::LawKind::server);
    const Calculation whole = calculation_of(model, 0, predictor::Metric::energy);
    const Evaluator evaluator(whole);
    for (int k = 0; k < 20; ++k) {
      const table::Configuration config = parametric::random_configuration(rng, true);
      Values fixed;
      for (const Input& input : whole.inputs) {
        if (input.name == "batch" || input.name == "isl" || input.name == "osl") continue;
        const double stated = input_of(config, input.name);
        fixed[input.name] = known(stated) ? stated : input.fallback;
      }
      const Calculation left = specialised(whole, fixed);
      EXPECT_LT(left.steps.size(), whole.steps.size());
      EXPECT_TRUE(left.constants.empty());
      EXPECT_EQ(left.inputs.size(), 3u);
      const double value = Evaluator(left)(config), wanted = evaluator(config);
      ASSERT_EQ(known(value), known(wanted));
      if (!known(wanted)) continue;
      EXPECT_NEAR(value / wanted, 1, 1e-12);
    }
  }
}

}  // namespace
}  // namespace energylens::calculation
