// SPDX-License-Identifier: Apache-2.0
#include "fleet/milp.hpp"

#include <gmock/gmock.h>

namespace energylens::fleet {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;

TEST(IntegerProgram, WholeNumbersAreFoundThatRoundingWouldMiss) {
  // Least 5 a + 4 b with 3 a + 2 b = 7 + slack, a and b whole: (1, 2) costs 13; rounding the relaxed (7/3, 0) up costs 15.
  IntegerProgram program;
  const std::size_t a = program.add_variable(5, true), b = program.add_variable(4, true),
                    slack = program.add_variable(0, false);
  const std::size_t row = program.add_row(IntegerProgram::Sense::equal, 7);
  program.add(row, a, 3);
  program.add(row, b, 2);
  program.add(row, slack, -1);
  EXPECT_THAT(program.solve(0), ElementsAre(DoubleNear(1, 1e-9), DoubleNear(2, 1e-9), DoubleNear(0, 1e-9)));
}

TEST(IntegerProgram, LimitsHoldAndLargeWholeNumbersAreAllowed) {
  // Most of x (its cost is -1) up to 250.5.
  IntegerProgram program;
  const std::size_t x = program.add_variable(-1, true);
  program.add(program.add_row(IntegerProgram::Sense::at_most, 250.5), x, 1);
  EXPECT_THAT(program.solve(0), ElementsAre(DoubleNear(250, 1e-9)));
}

TEST(IntegerProgram, WhatHasNoSolutionIsAnError) {
  IntegerProgram program;
  const std::size_t x = program.add_variable(1, false);
  program.add(program.add_row(IntegerProgram::Sense::equal, -1), x, 1);
  EXPECT_ANY_THROW(program.solve(0));
}

}  // namespace
}  // namespace energylens::fleet
