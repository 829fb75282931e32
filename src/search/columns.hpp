// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "energylens/io/condition.hpp"
#include "energylens/search/options.hpp"
#include "energylens/search/problem.hpp"

namespace energylens::search {

/// Which columns and rows of a table of any kind a formula is sought for.
struct ColumnOptions {
  std::string target;               ///< NAME[=FORMULA][:UNIT]: "energy=latency*power/1000:J"
  std::vector<std::string> inputs;  ///< NAME[=FORMULA][:UNIT], FORMULA of columns: "m", "flops=2*m*n*k:flop"
  std::vector<std::string>
      group_by;  ///< rows with equal values in these columns form a group; empty: one group
  std::vector<io::Condition> where;  ///< conditions on the rows that are used
  std::string form;                  ///< as Problem::form
};

/// Tables as a problem, and warnings about what was left out of them.
struct Columns {
  Problem problem;
  std::vector<std::string> warnings;
};

/// Reads CSV files into a problem: each row is a point. A column whose name is a function of formulas is
/// written with a trailing '_', such as step_. Rows with a blank cell in a column that is used, and groups
/// of fewer than three rows, are left out. Inputs with the same value in all rows become constants. Rows are
/// assigned to ten folds at random. Throws Error (bad input, with file, line and column) for a cell that is
/// not a number, a value that is not finite, a target that is not > 0, an unknown column, and if no row is
/// left; (usage) for an input that cannot be parsed.
Columns columns(std::span<const std::string> files, const ColumnOptions& options);

/// Options for kernels and other positive measurements: the error of ln y, positive coefficients that may
/// have the unit of the target, and fitted exponents.
Options column_options(const Columns& columns);

}  // namespace energylens::search
