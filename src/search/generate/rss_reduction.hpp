// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

#include "search/generate/library.hpp"

namespace energylens::search {

/// What each column of a library would explain beside the terms of a formula, and beside all of them but one.
/// Terms are columns as those of the library are, with exponents and inner numbers as fitted. Each block of
/// the goal has its own coefficients; where they are positive, terms that came out as 0 in a block and
/// columns that would have to be negative there count for nothing.
class RssReduction {
 public:
  RssReduction(const Library& library, const Goal& goal, bool positive);

  /// Takes the terms of a formula. `used[b * terms + t]`: whether block b uses term t.
  void set_terms(std::vector<std::vector<double>> columns, std::vector<bool> used);
  /// By column of the library, the fall of the squared error; `without`: a term that is left out.
  std::vector<double> gains(std::optional<std::size_t> without) const;

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
