// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "energylens/io/condition.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// What of a table of any columns a formula is looked for.
struct ColumnOptions {
  std::string target;               ///< NAME[=FORMULA][:UNIT]: "energy=latency*power/1000:J"
  std::vector<std::string> inputs;  ///< NAME[=FORMULA][:UNIT], FORMULA of columns: "m", "flops=2*m*n*k:flop"
  std::vector<std::string> group_by;  ///< rows that agree in these columns are a group; empty: one group
  std::vector<io::Condition> where;   ///< rows that are used
  std::string form;                   ///< as Problem::form
};

/// Any tables as a problem, and what was left out of them.
struct Columns {
  Problem problem;
  std::vector<std::string> warnings;
};

/// A row of a CSV file is a point. A column whose name is a function of formulas is written with a '_' behind
/// it: step_. Rows in which a cell that is needed is blank, and groups of fewer than three rows, are left
/// out. Inputs of one value become constants. Ten folds are drawn at random. Throws Error (bad input, with
/// file, line and column) for a cell that is no number, a value that is not finite, a target that is not
/// above 0, a column that there is not, and if no row is left; (usage) for an input that cannot be read.
Columns columns(std::span<const std::string> files, const ColumnOptions& options);

/// Options that suit kernels and other measurements of positive things: errors of ln y, positive coefficients
/// that may have the unit of the target, real exponents.
Options column_options(const Columns& columns);

}  // namespace energylens::search
