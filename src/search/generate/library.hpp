// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// Candidate terms and their columns: the values at the rows times sqrt(weight) * scale, so that the squared
/// error is the squared length of a vector.
struct Library {
  std::vector<Term> terms;
  std::vector<std::size_t> part;
  std::vector<double> degree;
  std::vector<std::vector<double>> columns;
};

/// What the columns should add up to: the target or a power of it.
struct Goal {
  double exponent = 1;                 // of the target in the goal
  std::vector<std::size_t> rows;       // of the dataset that are used: all, or every n-th
  std::vector<double> values, factor;  // weighted target; sqrt(weight) * scale, by row
  std::vector<std::size_t> begin;      // first row of each block with separate coefficients, and the end
};

Goal goal_of(const SearchContext& context, double exponent);
bool finite(const std::vector<double>& values);

/// Columns for the goal: products of inputs, squares of sums and differences of two inputs, and products
/// with a bracket or function, sorted by degree within each kind. Their number is limited so that all pairs
/// can be compared. `wide`: three times as many, most of them with a bracket or function.
Library library(const SearchContext& context, const Goal& goal, bool wide = false);

/// Appends products with a sum of two inputs, or of an input and 1, both under one coefficient. A library
/// from which sums are made does not need them.
void add_sums_of_two(const SearchContext& context, const Goal& goal, Library& out);

/// The column that a term of a part would have in a library. If groups have separate exponents, those of
/// group 0 are used.
std::vector<double> column_of(const SearchContext& context, const Goal& goal, std::size_t part,
                              const Term& term);

}  // namespace energylens::search
