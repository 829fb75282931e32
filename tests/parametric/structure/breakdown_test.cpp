// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "parametric/structure/structures.hpp"
#include "parametric/structure_fit.hpp"

namespace energylens::parametric {
namespace {

class BreakdownOfAFormula : public testing::Test {
 protected:
  /// 64 requests of 1,024 tokens fit at once unless `capacity` says otherwise.
  static table::Configuration question(std::string_view layout, double batch, double capacity) {
    table::Configuration config = synthetic::job(layout, batch, {512, 512}, 1, 1).config;
    config.kv_capacity_tokens = capacity;
    return config;
  }
  static StructureModel fitted() {
    const table::Group group = noisy_group(0.01);
    return fit_structures(predictor::all_rows(std::span(&group, 1)), options_with(structures()));
  }
  static const predictor::Structures& structures() {
    static const predictor::Structures kSmooth = smooth_structures();
    return kSmooth;
  }
  StructureModel model_ = fitted();
};

TEST_F(BreakdownOfAFormula, ValueIsThatOfThePredictionAndSharesAddUp) {
  for (const double batch : {3.0, 8.0, 21.0}) {
    const table::Configuration config = question("tp4", batch, 8 * 1024);
    const auto found = model_.breakdown(0, config);
    ASSERT_TRUE(found);
    EXPECT_NEAR(found->value, model_.predict(0, config).total_energy_j.value, 1e-9 * found->value);
    double sum = 0;
    for (const predictor::WaveShare& wave : found->waves) sum += wave.share;
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST_F(BreakdownOfAFormula, FullWavesAndTheRemainderShareTheRow) {
  const auto found = model_.breakdown(0, question("tp4", 20, 8 * 1024));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->waves.size(), 2u);
  EXPECT_EQ(found->waves[0].size, 8);
  EXPECT_EQ(found->waves[1].size, 4);
  const double rest = model_.predict(0, question("tp4", 4, kUnknown)).total_energy_j.value;
  EXPECT_NEAR(found->waves[1].share, rest / found->value, 1e-9);
}

TEST_F(BreakdownOfAFormula, ReplicasChangeNoShare) {
  const auto one = model_.breakdown(0, question("tp4", 20, 8 * 1024));
  const auto two = model_.breakdown(0, question("tp4dp2", 40, 8 * 1024));
  ASSERT_TRUE(one && two);
  EXPECT_NEAR(two->value, 2 * one->value, 1e-9 * two->value);
  EXPECT_EQ(two->waves[0].size, one->waves[0].size);
  EXPECT_NEAR(two->waves[0].share, one->waves[0].share, 1e-12);
}

TEST_F(BreakdownOfAFormula, ItsGradientIsThatOfTheLogarithm) {
  const table::Configuration config = question("tp4", 20, 8 * 1024);
  const auto found = model_.breakdown(0, config);
  ASSERT_TRUE(found);
  const predictor::Structure& structure = *structures().energy;
  for (std::size_t k = 0; k < structure.constants.size(); ++k) {
    constexpr double kStep = 1e-5;
    const auto log_at = [&](double step) {
      StructureContent content = model_.content();
      double& constant = content.groups[0].energy->constants[k];
      constant = structure.constants[k].logarithmic ? constant * std::exp(step) : constant + step;
      return std::log(StructureModel(std::move(content)).breakdown(0, config)->value);
    };
    EXPECT_NEAR(found->log_gradient[k], (log_at(kStep) - log_at(-kStep)) / (2 * kStep), 1e-6) << k;
  }
}

TEST_F(BreakdownOfAFormula, NothingWhereTheFormulaSaysNothing) {
  EXPECT_FALSE(model_.breakdown(0, question("tp4", 20, 100))) << "not one request fits";
  EXPECT_FALSE(model_.breakdown(0, question("tp4", 0, kUnknown))) << "no request";
}

}  // namespace
}  // namespace energylens::parametric
