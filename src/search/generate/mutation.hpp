// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "search/generate/mutation_site.hpp"

namespace energylens::search {

/// One way to change a tree. To add one: write its function (mutation_functions.hpp), give it a row in the
/// table of mutation.cpp, and a row in the table of tests/search/generate/mutation_test.cpp, which fails
/// without it.
struct Mutation {
  std::string_view name;
  std::size_t weight;  ///< its probability is the share of this in the sum of all weights
  bool (*apply)(MutationSite& site);
};

/// The table of all mutations.
std::span<const Mutation> mutations();

/// A copy of the tree after one to three mutations: well typed, but not canonical. Crossover takes terms from
/// `other`.
Tree mutated(const Tree& tree, const Tree& other, const PrimitiveSet& primitives, Rng& rng);

}  // namespace energylens::search
