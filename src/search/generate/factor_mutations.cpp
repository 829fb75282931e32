// SPDX-License-Identifier: Apache-2.0
// factor_mutations.cpp: mutations of the factors of a term. Tested by
// tests/search/generate/mutation_test.cpp.
#include <algorithm>
#include <cmath>

#include "search/generate/mutation_functions.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;

void multiply(Term& term, const Monomial& m) {
  term.factors.insert(term.factors.end(), m.factors.begin(), m.factors.end());
}

/// Whether the exponent of an input may be fitted.
bool may_be_fitted(const Factor& f, const PrimitiveSet& primitives) {
  return primitives.positive[f.input] && primitives.input_dims[f.input].none();
}

}  // namespace

bool multiply_by_inputs(MutationSite& site) {
  const std::vector<Dims>& constants = site.primitives.constants;
  Dims d;
  if (site.place.top && constants.size() > 1)
    d = constants[site.rng.below(constants.size())] - constants[site.rng.below(constants.size())];
  const Monomial* m = site.grower.monomial(site.part(), d);
  Term* const term = site.some_term();
  if (!m || !term) return false;
  multiply(*term, *m);
  return site.well_typed();
}

bool multiply_by_factor(MutationSite& site) {
  std::optional<Factor> f = site.grower.factor(site.part(), std::max(1, 2 - site.place.depth));
  Term* const term = site.some_term();
  if (!f || !term) return false;
  const Monomial* m = site.grower.monomial(site.part(), Dims() - dims_of_factor(*f, site.primitives));
  if (!m) return false;
  multiply(*term, *m);
  term->factors.push_back(*std::move(f));
  return true;
}

bool remove_factor(MutationSite& site) {
  Term* const term = site.some_term();
  if (!term || term->factors.empty()) return false;
  const std::size_t which = site.rng.below(term->factors.size());
  const Monomial* m =
      site.grower.monomial(site.part(), dims_of_factor(term->factors[which], site.primitives));
  if (!m) return false;
  term->factors.erase(term->factors.begin() + static_cast<std::ptrdiff_t>(which));
  multiply(*term, *m);
  return true;
}

bool widen_input(MutationSite& site) {
  Factor* const f = site.some_factor(Kind::input);
  if (!f) return false;
  std::optional<Term> t = site.grower.term(site.part(), site.primitives.input_dims[f->input], 0);
  if (!t) return false;
  t->free = site.rng.below(2) == 0;
  t->coefficient = site.primitives.differences && site.rng.below(2) == 0 ? -1 : 1;
  Factor wide;
  wide.kind = Kind::bracket;
  wide.exponent = f->exponent;
  wide.free = f->free;
  wide.argument = {Term{1, false, {input_factor(f->input)}}, *std::move(t)};
  *f = std::move(wide);
  return true;
}

bool swap_input(MutationSite& site) {
  const std::vector<Dims>& dims = site.primitives.input_dims;
  Factor* const f = site.some_factor(Kind::input);
  if (!f) return false;
  std::vector<std::size_t> fitting;
  for (const std::size_t i : site.part().inputs) {
    if (i != f->input && dims[i] == dims[f->input]) fitting.push_back(i);
  }
  if (fitting.empty()) return false;
  f->input = static_cast<std::uint16_t>(fitting[site.rng.below(fitting.size())]);
  if (f->free && !site.primitives.positive[f->input]) f->free = false;
  return site.well_typed();
}

bool free_exponent(MutationSite& site) {
  const bool real = site.primitives.real_exponents;
  if (site.place.top && real && site.rng.below(3) == 0) {
    const bool snap = site.rng.below(2) == 0;
    Sum& part = *site.place.sum;
    const std::size_t changed = snap ? snap_exponents(part) : free_exponents(part, site.primitives);
    return changed > 0 && site.well_typed();
  }
  Factor* const f = site.some_factor(site.rng.below(3) == 0 ? Kind::bracket : Kind::input);
  if (!f || !real) return false;
  if (f->free) {
    f->free = false;
    f->exponent = std::round(f->exponent * 2) / 2;
    return true;
  }
  if (f->kind == Kind::input && !may_be_fitted(*f, site.primitives)) return false;
  f->free = true;
  return site.well_typed();
}

bool change_function(MutationSite& site) {
  Factor* const f = site.some_factor(Kind::function);
  if (!f) return false;
  const std::vector<expr::Op>& functions = site.primitives.functions;
  const expr::Op op = functions[site.rng.below(functions.size())];
  if (expr::arity(op) != expr::arity(f->function)) return false;
  f->function = op;
  return site.well_typed();
}

bool change_exponent(MutationSite& site) {
  Term* const term = site.some_term();
  if (!term) return false;
  for (Factor& f : term->factors) {
    if (f.free || (f.kind == Kind::input && site.rng.below(2) == 0)) continue;
    const Dims before = dims_of_factor(f, site.primitives);
    f.exponent = site.grower.exponent();
    const Monomial* m = site.grower.monomial(site.part(), before - dims_of_factor(f, site.primitives));
    if (!m || !site.well_typed()) return false;
    multiply(*term, *m);
    return true;
  }
  return false;
}

}  // namespace energylens::search
