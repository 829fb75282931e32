// SPDX-License-Identifier: Apache-2.0
#include "predictor/row_weight.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace energylens::predictor {
namespace {

table::Row measured(double log_sd, int repeats) {
  table::Row row;
  row.log_sd = log_sd;
  row.repeats = repeats;
  return row;
}

TEST(RowWeight, SingleMeasurementsWithoutAnyRepeatsWeighOne) {
  const std::vector<table::Row> rows(3, measured(kUnknown, 1));
  EXPECT_EQ(RowWeights(rows).of(rows[0]), 1);
}

TEST(RowWeight, AMeanOfRepeatsWeighsMoreThanASingleMeasurement) {
  const std::vector<table::Row> rows = {measured(0.03, 5), measured(kUnknown, 1), measured(0.05, 2)};
  const RowWeights weights(rows);
  EXPECT_GT(weights.of(rows[0]), weights.of(rows[1]));
  EXPECT_GT(weights.of(rows[2]), weights.of(rows[1]));
  EXPECT_LT(weights.of(rows[1]), 1);
}

TEST(RowWeight, AFewWildRepeatsDoNotMakeTheOthersWorthless) {
  const std::vector<table::Row> rows = {measured(1.5, 2), measured(kUnknown, 1)};
  EXPECT_GE(RowWeights(rows).of(rows[1]), 0.19);
}

RC_GTEST_PROP(RowWeight, RowsWithRepeatsNeverWeighLessThanSingleOnes, ()) {
  std::vector<table::Row> rows = {measured(kUnknown, 1)};
  const int sets = *rc::gen::inRange(1, 12);
  for (int i = 0; i < sets; ++i)
    rows.push_back(measured(*rc::gen::inRange(0, 3000) / 1000.0, *rc::gen::inRange(2, 9)));
  const RowWeights weights(rows);
  for (const table::Row& row : rows) {
    RC_ASSERT(weights.of(row) >= weights.of(rows[0]));
    RC_ASSERT(weights.of(row) <= 1);
  }
}

}  // namespace
}  // namespace energylens::predictor
