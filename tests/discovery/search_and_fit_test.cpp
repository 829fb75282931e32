// SPDX-License-Identifier: Apache-2.0
#include "discovery/search_and_fit.hpp"

#include <gtest/gtest.h>

#include "parametric/structure/structures.hpp"

namespace energylens::discovery {
namespace {

using namespace parametric;

predictor::FitOptions few() {
  predictor::FitOptions options;
  options.target = predictor::Target::energy;
  options.search_evaluations = 500;
  options.run.threads = 1;
  return options;
}

predictor::TrainingData sample(const table::Group& group, std::size_t rows) {
  predictor::TrainingData data = predictor::all_rows(std::span(&group, 1));
  data[0].rows = shuffled_order(4, group.rows.size());
  data[0].rows.resize(rows);
  return data;
}

TEST(SearchAndFit, FindsAFormulaInTheTrainingRowsAlone) {
  table::Group group = noisy_group(0.02);
  const predictor::TrainingData data = sample(group, 50);
  const StructureModel model = search_and_fit(data, few());
  const expr::Expr formula = model.content().structures.energy->formula;
  EXPECT_FALSE(formula == found_structures().energy->formula);
  double sum = 0;
  for (const table::Row& row : group.rows)
    sum += std::abs(model.predict(0, row.config).total_energy_j.value / row.results.total_energy_j - 1);
  EXPECT_LT(sum / static_cast<double>(group.rows.size()), 0.12);

  // Rows outside the training rows change nothing.
  for (std::size_t i = 0; i < group.rows.size(); ++i) {
    if (std::ranges::find(data[0].rows, i) == data[0].rows.end()) group.rows[i].results.total_energy_j = 1;
  }
  const StructureModel again = search_and_fit(sample(group, 50), few());
  EXPECT_TRUE(again.content().structures.energy->formula == formula);
}

TEST(SearchAndFit, TooFewRowsGetTheBuiltInFormula) {
  const table::Group group = noisy_group(0.02);
  const StructureModel model = search_and_fit(sample(group, 5), few());
  EXPECT_TRUE(model.content().structures.energy->formula == found_structures().energy->formula);
}

}  // namespace
}  // namespace energylens::discovery
