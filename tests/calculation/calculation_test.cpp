// SPDX-License-Identifier: Apache-2.0
// The steps are the prediction: for every form, metric and configuration, those that have no answer included.
#include "calculation/calculation.hpp"

#include <gtest/gtest.h>

#include "parametric/random_models.hpp"

namespace energylens::calculation {
namespace {

using parametric::LawKind;
using parametric::predicted;
using parametric::random_configuration;
using parametric::random_found;
using parametric::random_law;
using predictor::Metric;

/// The largest relative difference between steps and predictions; infinite where only one of them is known.
struct Agreement {
  double worst = 0;
  int answered = 0, unanswered = 0, waves = 0;
  void add(double stepped, double said) {
    if (!known(said) || !known(stepped)) {
      if (known(said) != known(stepped)) worst = std::numeric_limits<double>::infinity();
      ++unanswered;
      return;
    }
    ++answered;
    worst = std::max(worst, std::abs(stepped / said - 1));
  }
};

Agreement agreement(const parametric::Model& model, Metric metric, Rng& rng) {
  const Evaluator evaluator(calculation_of(model, 0, metric));
  Agreement out;
  for (int i = 0; i < 400; ++i) {
    const table::Configuration config = random_configuration(rng, model.context(0).isl_known);
    const double said = predicted(model, config, metric);
    out.add(evaluator(config), said);
    if (model.predict(0, config).waves > 1) ++out.waves;
  }
  return out;
}

void expect_agreement(const parametric::Model& model, Rng& rng, int& unanswered, int& waves) {
  for (const Metric metric : predictor::kMetrics) {
    const Agreement found = agreement(model, metric, rng);
    EXPECT_LE(found.worst, 1e-12) << predictor::metric_text(metric);
    EXPECT_GT(found.answered, 100);
    unanswered += found.unanswered;
    waves += found.waves;
  }
}

TEST(Calculation, EqualsThePredictionsOfTheLaw) {
  Rng rng(7);
  int unanswered = 0, waves = 0;
  for (int i = 0; i < 60; ++i) {
    const LawKind kind = std::array{LawKind::job, LawKind::job_without_isl, LawKind::server}[rng.below(3)];
    expect_agreement(random_law(rng, kind), rng, unanswered, waves);
    if (HasFailure()) FAIL() << "model " << i;
  }
  EXPECT_GT(unanswered, 50);
  EXPECT_GT(waves, 2000);
}

TEST(Calculation, EqualsThePredictionsOfFoundFormulas) {
  Rng rng(8);
  int unanswered = 0, waves = 0;
  for (int i = 0; i < 20; ++i) expect_agreement(random_found(rng), rng, unanswered, waves);
  EXPECT_GT(waves, 500);
}

TEST(Calculation, NamesAreDistinctAndDefinedBeforeTheyAreUsed) {
  Rng rng(9);
  for (const LawKind kind : {LawKind::job, LawKind::job_without_isl, LawKind::server}) {
    const Calculation calculation = calculation_of(random_law(rng, kind), 0, Metric::energy);
    std::set<std::string> known_names;
    for (const Input& input : calculation.inputs) EXPECT_TRUE(known_names.insert(input.name).second);
    for (const Constant& constant : calculation.constants)
      EXPECT_TRUE(known_names.insert(constant.name).second);
    for (const Step& step : calculation.steps) {
      for (const expr::Expr& one : {step.value, step.otherwise, step.when ? step.when->of : expr::Expr()}) {
        for (const std::string& name : one.variables()) EXPECT_TRUE(known_names.contains(name)) << name;
        for (const std::string& name : one.parameters()) EXPECT_TRUE(known_names.contains(name)) << name;
      }
      EXPECT_TRUE(known_names.insert(step.name).second) << step.name;
    }
    EXPECT_EQ(calculation.result(), "energy_j");
  }
}

}  // namespace
}  // namespace energylens::calculation
