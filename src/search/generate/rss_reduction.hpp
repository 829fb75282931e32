// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "search/generate/library.hpp"

namespace energylens::search {

/// How much each column of a library would reduce the residual sum of squares (RSS) of a formula, if it were
/// added to all terms or to all terms but one. The terms of the formula are columns like those of the
/// library, with exponents and inner numbers as fitted. Each block of the goal has its own coefficients. If
/// these must be positive, a term whose coefficient is 0 in a block is left out there, and a column that
/// would need a negative one reduces nothing.
class RssReduction {
 public:
  RssReduction(const Library& library, const Goal& goal, bool positive);

  /// Sets the terms of the formula. `used[b * terms + t]`: whether block b uses term t.
  void set_terms(std::vector<std::vector<double>> columns, std::vector<bool> used);
  /// The reduction in RSS by each column of the library. `without`: a term that is left out of the formula.
  std::vector<double> reductions(std::optional<std::size_t> without) const;

 private:
  void add_block(std::size_t block, std::optional<std::size_t> without, std::vector<double>& out) const;

  const Library& library_;
  const Goal& goal_;
  bool positive_;
  std::vector<double> squares_, products_;  // of columns, with themselves and the goal; by block, by column
  std::vector<std::vector<double>> terms_;  // columns of the formula
  std::vector<bool> used_;                  // by block, by term
  std::vector<std::vector<double>> together_;  // by block and term: products with all columns
};

}  // namespace energylens::search
