// SPDX-License-Identifier: Apache-2.0
// term_mutations.cpp: mutations that add, remove and replace terms, and change coefficients. Tested by
// tests/search/generate/mutation_test.cpp.
#include <algorithm>
#include <cmath>

#include "search/generate/mutation_functions.hpp"

namespace energylens::search {
namespace {

bool uses_only(const Sum& sum, const std::vector<std::size_t>& inputs);
bool uses_only(const Term& term, const std::vector<std::size_t>& inputs) {
  return std::all_of(term.factors.begin(), term.factors.end(), [&](const Factor& f) {
    if (f.kind == Factor::Kind::input)
      return std::binary_search(inputs.begin(), inputs.end(), std::size_t{f.input});
    return uses_only(f.argument, inputs) && uses_only(f.second, inputs);
  });
}
bool uses_only(const Sum& sum, const std::vector<std::size_t>& inputs) {
  return std::all_of(sum.begin(), sum.end(), [&](const Term& t) { return uses_only(t, inputs); });
}

/// A term from anywhere in the other tree that has the dims of the place and only inputs of its part.
std::optional<Term> term_of_other(MutationSite& site) {
  const Sum& here = *site.place.sum;
  Tree other = site.other;
  std::vector<Term> fitting;
  for (const Place& place : places(other)) {
    for (const Term& t : *place.sum) {
      const bool same = site.place.top ? typed(Sum{t}, site.part(), site.primitives)
                                       : !here.empty() && site.dims_of(t) == site.dims_of(here.front());
      if (same && uses_only(t, site.part().inputs)) fitting.push_back(t);
    }
  }
  if (fitting.empty()) return std::nullopt;
  return fitting[site.rng.below(fitting.size())];
}

/// Multiplies about half of the inner constants of all parts by random factors. Returns false if there are
/// none.
bool perturb_constants(MutationSite& site) {
  bool any = false;
  for (Sum& sum : site.tree.parts) {
    for (const InnerConstant& c : inner_constants(sum)) {
      if (site.rng.below(2) == 0)
        *c.value *= std::exp(0.7 * site.rng.normal()) *
                    (site.primitives.differences && site.rng.below(8) == 0 ? -1 : 1);
      any = true;
    }
  }
  return any;
}

}  // namespace

bool add_term(MutationSite& site) {
  std::optional<Term> t = site.new_term();
  if (t) site.place.sum->push_back(*std::move(t));
  return t.has_value();
}

bool remove_term(MutationSite& site) {
  Sum& sum = *site.place.sum;
  if (sum.size() < 2) return false;
  sum.erase(sum.begin() + static_cast<std::ptrdiff_t>(site.rng.below(sum.size())));
  return true;
}

bool replace_term(MutationSite& site) {
  std::optional<Term> t = site.new_term();
  Term* const old = site.some_term();
  if (t && old) *old = *std::move(t);
  return t && old;
}

bool crossover_replace(MutationSite& site) {
  std::optional<Term> taken = term_of_other(site);
  if (!taken) return false;
  if (Term* const old = site.some_term()) {
    *old = *std::move(taken);
  } else {
    site.place.sum->push_back(*std::move(taken));
  }
  return true;
}

bool crossover_add(MutationSite& site) {
  std::optional<Term> taken = term_of_other(site);
  if (taken) site.place.sum->push_back(*std::move(taken));
  return taken.has_value();
}

bool change_coefficient(MutationSite& site) {
  Term* const term = site.some_term();
  if (site.place.top || !term) return perturb_constants(site);
  static constexpr double kSimple[] = {1, -1, 2, -2, 0.5};
  term->free = site.rng.below(2) == 0;
  if (site.rng.below(2) == 0)
    term->coefficient = kSimple[site.rng.below(site.primitives.differences ? 5 : 1)];
  return true;
}

}  // namespace energylens::search
