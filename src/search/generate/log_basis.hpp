// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

namespace energylens::search {

/// Orthonormal columns that span the columns added (Gram-Schmidt, twice for accuracy), and the coordinates of
/// the latter in the former. Columns are used as they are: there is no copy into a matrix.
class LogBasis {
 public:
  void add(std::vector<double> column);
  /// Subtracts from `column` its projection on the span. Appends its coordinates to `shares`, unless null.
  void project(std::vector<double>& column, std::vector<double>* shares) const;
  /// The coefficients of the columns added, given the coordinates of their sum. A column that depends on
  /// those before it gets 0.
  std::vector<double> solve(const std::vector<double>& shares) const;

 private:
  std::vector<std::vector<double>> columns_;   // orthonormal; empty if the column depended on those before
  std::vector<std::vector<double>> triangle_;  // coordinates of each column added
};

}  // namespace energylens::search
