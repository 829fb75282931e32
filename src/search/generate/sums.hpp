// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/generate/library.hpp"

namespace energylens::search {

/// One column or a pair of columns (a == b: one), and what it leaves of the squared length of the goal.
struct Choice {
  double left = 0;
  std::size_t a = 0, b = 0;
};
bool better(const Choice& x, const Choice& y);  ///< leaves less; equal ones by columns

/// All single columns and the best pairs of columns, the ones that leave least of the goal first.
/// `positive`: coefficients must be > 0, and one that would be negative counts as 0.
std::vector<Choice> single_columns(const Library& library, const Goal& goal, bool positive);
std::vector<Choice> best_pairs(const Library& library, const Goal& goal, bool positive,
                               const RunOptions& run);

/// Sums of three or more columns, built up from nothing and from good pairs, among products of low degree
/// and of any degree. Each is a list of columns.
std::vector<std::vector<std::size_t>> longer_sums(const Library& library, const Goal& goal,
                                                  const std::vector<Choice>& pairs, const RunOptions& run);

/// The same, built up from nothing and from the best single columns only: for a library with too many
/// columns for pairs.
std::vector<std::vector<std::size_t>> greedy_sums(const Library& library, const Goal& goal,
                                                  const RunOptions& run);

}  // namespace energylens::search
