// SPDX-License-Identifier: Apache-2.0
// Shared: with other modules of ours; not installed.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "expr/program.hpp"

namespace energylens::calculation {

/// Numbers by name.
using Values = std::map<std::string, double, std::less<>>;

/// An expression that is evaluated at named numbers.
class Formula {
 public:
  explicit Formula(const expr::Expr& formula)
      : variables_(formula.variables()),
        parameters_(formula.parameters()),
        program_(formula, variables_, parameters_) {}
  /// Requires: a number for each of its variables and parameters.
  double at(const Values& values) const;

 private:
  std::vector<std::string> variables_, parameters_;
  expr::Program program_;
};

}  // namespace energylens::calculation
