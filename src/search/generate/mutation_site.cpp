// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/generate/mutation_test.cpp.
#include "search/generate/mutation_site.hpp"

#include <algorithm>

namespace energylens::search {
namespace {

void find_places(Sum& sum, std::size_t part, bool top, int depth, std::vector<Place>& out) {
  out.push_back({&sum, part, top, depth});
  for (Term& term : sum) {
    for (Factor& f : term.factors) {
      if (f.kind == Factor::Kind::input) continue;
      find_places(f.argument, part, false, depth + 1, out);
      if (!f.second.empty()) find_places(f.second, part, false, depth + 1, out);
    }
  }
}

/// Half of the draws of a place inside a bracket or function become a whole part instead: changing whole
/// terms improves a formula most often.
Place random_place(Tree& tree, Rng& rng) {
  const std::vector<Place> all = places(tree);
  Place place = all[rng.below(all.size())];
  if (!place.top && rng.below(2) == 0) place = all[0];
  if (!place.top) return place;
  const std::size_t p = rng.below(tree.parts.size());
  return {&tree.parts[p], p, true, 0};
}

}  // namespace

std::vector<Place> places(Tree& tree) {
  std::vector<Place> out;
  for (std::size_t p = 0; p < tree.parts.size(); ++p) find_places(tree.parts[p], p, true, 0, out);
  return out;
}

MutationSite::MutationSite(Tree& mutated, const Tree& second, const PrimitiveSet& set, Rng& random)
    : tree(mutated),
      other(second),
      primitives(set),
      rng(random),
      grower(set, random),
      place(random_place(mutated, random)) {}

Term* MutationSite::some_term() {
  return place.sum->empty() ? nullptr : &(*place.sum)[rng.below(place.sum->size())];
}

Factor* MutationSite::some_factor(Factor::Kind kind) {
  std::vector<Factor*> found;
  for (Term& t : *place.sum) {
    for (Factor& f : t.factors) {
      if (f.kind == kind) found.push_back(&f);
    }
  }
  return found.empty() ? nullptr : found[rng.below(found.size())];
}

std::optional<Term> MutationSite::new_term() {
  if (place.top) return grower.whole_term(place.part);
  if (place.sum->empty()) return std::nullopt;
  std::optional<Term> t = grower.term(part(), dims_of(place.sum->front()), std::max(0, 2 - place.depth));
  if (t) {
    t->free = rng.below(2) == 0;
    t->coefficient = primitives.differences && rng.below(3) == 0 ? -1 : 1;
  }
  return t;
}

Dims MutationSite::dims_of(const Term& term) const {
  Dims d;
  typed(term, primitives, d);
  return d;
}

bool MutationSite::well_typed() const {
  return typed(tree.parts[place.part], part(), primitives);
}

}  // namespace energylens::search
