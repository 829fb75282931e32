// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <vector>

#include "energylens/core/rng.hpp"
#include "search/generate/grow.hpp"
#include "search/tree/primitive_set.hpp"

namespace energylens::search {

/// A sum inside a tree: a whole part, or the argument of a bracket or function.
struct Place {
  Sum* sum;
  std::size_t part;
  bool top;   ///< the sum is a whole part
  int depth;  ///< number of brackets and functions around it
};

/// All sums of a tree; the first is the first part.
std::vector<Place> places(Tree& tree);

/// Everything that a mutation reads and changes: the tree, the place in it, and a second tree to take terms
/// from.
struct MutationSite {
  /// Draws a place of the tree.
  MutationSite(Tree& tree, const Tree& other, const PrimitiveSet& primitives, Rng& rng);

  Tree& tree;
  const Tree& other;
  const PrimitiveSet& primitives;
  Rng& rng;
  Grower grower;
  Place place;

  const PartPrimitives& part() const { return primitives.parts[place.part]; }
  /// A random term of the place; null if it has none.
  Term* some_term();
  /// A random factor of this kind among the terms of the place; null if there is none.
  Factor* some_factor(Factor::Kind kind);
  /// A random new term with the dims of the place.
  std::optional<Term> new_term();
  Dims dims_of(const Term& term) const;
  /// Whether the part still has its dims.
  bool well_typed() const;
};

}  // namespace energylens::search
