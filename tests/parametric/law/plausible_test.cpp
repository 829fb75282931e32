// SPDX-License-Identifier: Apache-2.0
// Slips in energies are named with the row that shows them best; sound rows are not.
#include "parametric/law/plausible.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "energylens/parametric/fit.hpp"
#include "parametric/fit/simulated.hpp"

namespace energylens::parametric {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// Rows of a 70B model on a GPU of the catalogue, whose times are not known.
table::Group group() {
  simulated::Design design;
  design.layouts = {"tp4", "tp8"};
  table::Group group = simulated::group(design, 0.01);
  group.identity.key = {{"model", "Llama-3-70B"}, {"gpu", "H100-80GB-SXM"}, {"quant", "fp16"}};
  for (std::size_t r = 0; r < group.rows.size(); ++r) {
    group.rows[r].file = "t.csv";
    group.rows[r].line = r + 2;
  }
  return group;
}

std::vector<std::string> warnings_of(const table::Group& group) {
  return fit_law(predictor::all_rows({&group, 1}), simulated::quick()).laws()[0].warnings;
}

TEST(Plausible, SoundRowsPass) {
  EXPECT_THAT(warnings_of(group()), Not(Contains(HasSubstr("by mistake"))));
  EXPECT_THAT(warnings_of(group()), Not(Contains(HasSubstr("off the law"))));
}

TEST(Plausible, ARowInKilojoulesAmongOthersIsNamed) {
  table::Group spoilt = group();
  spoilt.rows[5].results.total_energy_j /= 1000;
  EXPECT_THAT(warnings_of(spoilt), Contains(AllOf(HasSubstr("1 row differs"), HasSubstr("t.csv:7"))));
}

TEST(Plausible, AllRowsInKilojoulesAreBelowWhatTheArithmeticTakes) {
  table::Group spoilt = group();
  for (table::Row& row : spoilt.rows) {
    for (double table::Results::*const energy :
         {&table::Results::total_energy_j, &table::Results::prefill_energy_j,
          &table::Results::decode_energy_j})
      row.results.*energy /= 1000;
  }
  EXPECT_THAT(warnings_of(spoilt),
              Contains(AllOf(HasSubstr("less energy than the arithmetic"), HasSubstr("kJ"))));
}

TEST(Plausible, WhatTheCatalogueDoesNotKnowIsNotJudged) {
  table::Group spoilt = group();
  spoilt.identity.key = {{"model", "mine"}, {"gpu", "mine"}};
  for (table::Row& row : spoilt.rows) row.results.total_energy_j /= 1000;
  EXPECT_THAT(warnings_of(spoilt), Not(Contains(HasSubstr("arithmetic"))));
}

}  // namespace
}  // namespace energylens::parametric
