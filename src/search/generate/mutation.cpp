// SPDX-License-Identifier: Apache-2.0
// mutation.cpp: the table of mutations, and how one is drawn. A mutation changes one sum of a tree and keeps
// its dims. Tested by tests/search/generate/mutation_test.cpp, row by row.
#include "search/generate/mutation.hpp"

#include <numeric>

#include "search/generate/mutation_functions.hpp"

namespace energylens::search {
namespace {

// The order and the weights decide what a random seed gives: a new row changes the results of every seed.
constexpr Mutation kMutations[] = {
    {"add_term", 1, add_term},
    {"remove_term", 1, remove_term},
    {"replace_term", 1, replace_term},
    {"crossover_replace", 1, crossover_replace},
    {"crossover_add", 1, crossover_add},
    {"multiply_by_inputs", 1, multiply_by_inputs},
    {"multiply_by_factor", 1, multiply_by_factor},
    {"remove_factor", 1, remove_factor},
    {"change_coefficient", 1, change_coefficient},
    {"widen_input", 1, widen_input},
    {"swap_input", 1, swap_input},
    {"free_exponent", 1, free_exponent},
    {"change_function", 1, change_function},
    {"change_exponent", 1, change_exponent},
};

constexpr std::size_t total_weight() {
  std::size_t total = 0;
  for (const Mutation& m : kMutations) total += m.weight;
  return total;
}

/// Draws a mutation by weight, with one random number.
const Mutation& random_mutation(Rng& rng) {
  std::size_t left = rng.below(total_weight());
  for (const Mutation& m : kMutations) {
    if (left < m.weight) return m;
    left -= m.weight;
  }
  return kMutations[0];  // not reached
}

}  // namespace

std::span<const Mutation> mutations() {
  return kMutations;
}

Tree mutated(const Tree& tree, const Tree& other, const PrimitiveSet& primitives, Rng& rng) {
  constexpr int kTries = 12;
  const std::size_t changes = 1 + (rng.below(3) == 0 ? 1 : 0) + (rng.below(6) == 0 ? 1 : 0);
  Tree out = tree;
  for (std::size_t done = 0, tried = 0; done < changes && tried < kTries; ++tried) {
    Tree next = out;
    MutationSite site(next, other, primitives, rng);
    if (!random_mutation(rng).apply(site)) continue;
    out = std::move(next);
    ++done;
  }
  return out;
}

}  // namespace energylens::search
