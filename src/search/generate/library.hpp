// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "search/fit/context.hpp"

namespace energylens::search {

/// A term of a part and its column: values at rows times sqrt(weight) * scale of the target looked at.
struct Library {
  std::vector<Term> terms;
  std::vector<std::size_t> part;
  std::vector<double> degree;
  std::vector<std::vector<double>> columns;
};

/// What the columns are to add up to: the target, or a power of it.
struct Goal {
  double exponent = 1;                 // of the target
  std::vector<std::size_t> rows;       // looked at: all, or evenly some
  std::vector<double> values, factor;  // weighted target; sqrt(weight) * scale, by row
  std::vector<std::size_t> begin;      // of the blocks that have their own coefficients
};

Goal goal_of(const SearchContext& context, double exponent);
bool finite(const std::vector<double>& values);

/// Columns for the goal: products of inputs, squares of sums and differences, products with a bracket or
/// function; by rising degree within each kind, and not more than all pairs of them can be compared; if
/// `wide`, three times as many and most of them with a bracket or function.
Library library(const SearchContext& context, const Goal& goal, bool wide = false);

/// Appends products with a sum of two inputs, or of an input and 1, in which both have one coefficient. (What
/// a library has no need of where each addend may be a column of its own.)
void add_sums_of_two(const SearchContext& context, const Goal& goal, Library& out);

/// A term of a part as a column of a library would be; where groups have exponents of their own, with those
/// of the first.
std::vector<double> column_of(const SearchContext& context, const Goal& goal, std::size_t part,
                              const Term& term);

}  // namespace energylens::search
