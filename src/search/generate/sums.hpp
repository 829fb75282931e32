// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "energylens/core/parallel.hpp"
#include "search/generate/library.hpp"

namespace energylens::search {

struct Choice {
  double left = 0;  // of the squared length of the goal
  std::size_t a = 0, b = 0;
};
bool better(const Choice& x, const Choice& y);  ///< leaves less; ties by columns

/// Every column alone and the best pairs, each by what it leaves of the goal, best first. `positive`:
/// coefficients below 0 count as 0.
std::vector<Choice> single_columns(const Library& library, const Goal& goal, bool positive);
std::vector<Choice> best_pairs(const Library& library, const Goal& goal, bool positive,
                               const RunOptions& run);

/// Sums of three terms and more: from nothing and from good pairs, among products of low degree and of any.
std::vector<std::vector<std::size_t>> longer_sums(const Library& library, const Goal& goal,
                                                  const std::vector<Choice>& pairs, const RunOptions& run);

/// The same from nothing and from the best single columns only: for a library too wide for pairs.
std::vector<std::vector<std::size_t>> greedy_sums(const Library& library, const Goal& goal,
                                                  const RunOptions& run);

}  // namespace energylens::search
