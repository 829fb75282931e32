// SPDX-License-Identifier: Apache-2.0
// What every form promises: run for the law and for a formula with the same rows.
#include "energylens/parametric/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "energylens/io/json.hpp"
#include "energylens/parametric/fit.hpp"
#include "parametric/structure/structures.hpp"

namespace energylens::parametric {
namespace {

std::shared_ptr<const Model> law(const predictor::TrainingData& data) {
  predictor::FitOptions options;
  options.starts = 1;
  options.run.threads = 1;
  return std::make_shared<LawModel>(fit_law(data, options));
}

std::shared_ptr<const Model> formula(const predictor::TrainingData& data) {
  const predictor::Structures structures = smooth_structures();
  return std::make_shared<StructureModel>(fit_structures(data, options_with(structures)));
}

class EveryForm
    : public testing::TestWithParam<std::shared_ptr<const Model> (*)(const predictor::TrainingData&)> {
 protected:
  table::Group group_ = noisy_group(0.02);
  std::shared_ptr<const Model> model_ = GetParam()(predictor::all_rows(std::span(&group_, 1)));
};

TEST_P(EveryForm, HasOneParameterForEachRowOfTheCovarianceAndEachLetterOfTheFormula) {
  for (const Metric metric : predictor::kMetrics) {
    const TargetFit* const fit = model_->fit(0, metric);
    ASSERT_TRUE(fit);
    std::vector<std::string> names;
    for (const FittedParameter& one : model_->parameters(0, metric)) {
      names.push_back(one.name);
      EXPECT_LE(one.lo, one.value);
      EXPECT_GE(one.hi, one.value);
    }
    EXPECT_EQ(fit->covariance.size(), names.size() * names.size());
    std::vector<std::string> letters = model_->formula(0, metric).parameters();
    std::ranges::sort(names);
    std::ranges::sort(letters);
    EXPECT_EQ(letters, names);
  }
}

TEST_P(EveryForm, ReadsBackFromItsFileWhateverItsKind) {
  const std::unique_ptr<Model> again = model_from_json(model_->json());
  EXPECT_EQ(again->kind(), model_->kind());
  EXPECT_EQ(again->to_json(), model_->to_json());
  EXPECT_EQ(again->record().data_hash, model_->record().data_hash);
}

TEST_P(EveryForm, TheBreakdownIsThatOfThePrediction) {
  const table::Configuration& config = group_.rows.front().config;
  const auto breakdown = model_->breakdown(0, config);
  ASSERT_TRUE(breakdown);
  const double joules = model_->predict(0, config).total_energy_j.value;
  EXPECT_NEAR(breakdown->value, joules, 1e-9 * joules);
  EXPECT_EQ(breakdown->log_gradient.size(), model_->parameters(0, Metric::energy).size());
}

TEST_P(EveryForm, DrawsNothingForAQuestionItCannotAnswer) {
  std::vector<table::Configuration> configs(2, group_.rows.front().config);
  configs[1].load.osl = kUnknown;
  const std::vector<double> draws = model_->draw(0, configs, 3, 1);
  ASSERT_EQ(draws.size(), 6u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GT(draws[2 * i], 0);
    EXPECT_FALSE(known(draws[2 * i + 1]));
  }
}

INSTANTIATE_TEST_SUITE_P(Model, EveryForm, testing::Values(law, formula),
                         [](const auto& form) { return form.index == 0 ? "Law" : "Formula"; });

}  // namespace
}  // namespace energylens::parametric
