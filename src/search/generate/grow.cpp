// SPDX-License-Identifier: Apache-2.0
// grow.cpp: how a term with given dims is made. A product of inputs is looked up by its dims. For a term
// with a bracket or function, that factor is drawn first, and the product of inputs makes up for its dims.
// Tested by tests/search/generate/grow_test.cpp, where expr::check_units checks every piece.
#include "search/generate/grow.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

using Kind = Factor::Kind;
using expr::Op;

constexpr int kTries = 8;

}  // namespace

Dims dims_of_factor(const Factor& factor, const PrimitiveSet& primitives) {
  Term alone{1, false, {factor}};
  Dims dims;
  typed(alone, primitives, dims);
  return dims;
}

const Monomial* Grower::monomial(const PartPrimitives& part, const Dims& dims) {
  const std::vector<std::size_t>& all = part.of(dims);
  if (all.empty()) return nullptr;
  // The product of two uniform numbers puts half of the draws into the lowest fifth of the degrees.
  const double u = rng_.uniform() * rng_.uniform();
  const double reach = std::min<double>(static_cast<double>(all.size()), rng_.below(4) == 0 ? 1e9 : 60);
  return &part.monomials[all[static_cast<std::size_t>(u * reach)]];
}

double Grower::exponent() {
  static constexpr double kWhole[] = {1, -1, 2, -1, 1, -2, 3};
  static constexpr double kRoots[] = {0.5, -0.5, 0.5, 1.5, -1.5};
  const bool root = primitives_.roots && rng_.below(3) == 0;
  double e =
      root ? kRoots[rng_.below(primitives_.powers ? 5 : 3)] : kWhole[rng_.below(primitives_.powers ? 7 : 6)];
  if (!primitives_.quotients) e = std::fabs(e);
  return e;
}

std::optional<Sum> Grower::argument(const PartPrimitives& part, const Dims& dims, std::size_t terms,
                                    int depth) {
  Sum sum;
  for (std::size_t i = 0; i < terms; ++i) {
    std::optional<Term> t = term(part, dims, depth);
    if (!t) return std::nullopt;
    t->free = rng_.below(3) == 0;
    t->coefficient = primitives_.differences && rng_.below(3) == 0 ? -1 : 1;
    if (t->free && !primitives_.differences) t->coefficient = 1;
    sum.push_back(*std::move(t));
  }
  return sum;
}

std::optional<Factor> Grower::bracket(const PartPrimitives& part, int depth) {
  const bool plain = part.common.empty() || rng_.below(3) == 0;
  const Dims dims = plain ? Dims() : part.common[rng_.below(part.common.size())];
  std::optional<Sum> sum = argument(part, dims, 2 + (rng_.below(5) == 0 ? 1 : 0), depth - 1);
  if (!sum) return std::nullopt;
  Factor f;
  f.kind = Kind::bracket;
  f.argument = *std::move(sum);
  f.exponent = exponent();
  if (primitives_.real_exponents && dims.none() && rng_.below(4) == 0) f.free = true;
  return f;
}

std::optional<Factor> Grower::function(const PartPrimitives& part, int depth) {
  Factor f;
  f.kind = Kind::function;
  f.function = primitives_.functions[rng_.below(primitives_.functions.size())];
  const bool two = expr::arity(f.function) == 2;
  const Dims dims = two && !part.common.empty() && rng_.below(2) == 0
                        ? part.common[rng_.below(part.common.size())]
                        : Dims();
  std::optional<Sum> first = argument(part, dims, 1 + (rng_.below(3) == 0 ? 1 : 0), depth - 1);
  if (!first) return std::nullopt;
  f.argument = *std::move(first);
  if (two) {
    std::optional<Sum> second = argument(part, dims, 1, depth - 1);
    if (!second) return std::nullopt;
    f.second = *std::move(second);
  }
  if (rng_.below(4) == 0) f.exponent = primitives_.quotients && rng_.below(2) == 0 ? -1 : 2;
  return f;
}

std::optional<Factor> Grower::factor(const PartPrimitives& part, int depth) {
  if (!primitives_.functions.empty() && rng_.below(2) == 0) return function(part, depth);
  return bracket(part, depth);
}

std::optional<Term> Grower::term(const PartPrimitives& part, const Dims& dims, int depth) {
  const bool nested = depth > 0 && rng_.below(3) == 0;
  for (int i = 0; nested && i < kTries; ++i) {
    std::optional<Factor> f = factor(part, depth);
    if (!f) continue;
    const Monomial* m = monomial(part, dims - dims_of_factor(*f, primitives_));
    if (!m) continue;
    Term term{1, true, m->factors};
    term.factors.push_back(*std::move(f));
    return term;
  }
  const Monomial* m = monomial(part, dims);
  if (!m) return std::nullopt;
  Term term{1, true, m->factors};
  if (!primitives_.real_exponents) return term;
  for (Factor& f : term.factors) {
    f.free = primitives_.positive[f.input] && primitives_.input_dims[f.input].none() && rng_.below(3) == 0;
  }
  return term;
}

std::optional<Term> Grower::whole_term(std::size_t part) {
  const PartPrimitives& of = primitives_.parts[part];
  for (int i = 0; i < kTries; ++i) {
    const Dims& constant = primitives_.constants[rng_.below(primitives_.constants.size())];
    if (std::optional<Term> t = term(of, of.dims - constant, 2)) return t;
  }
  return std::nullopt;
}

Sum Grower::part(std::size_t index) {
  Sum sum;
  const std::size_t terms = 1 + rng_.below(3);
  while (sum.size() < terms) {
    if (std::optional<Term> t = whole_term(index)) sum.push_back(*std::move(t));
  }
  return sum;
}

}  // namespace energylens::search
