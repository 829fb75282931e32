// SPDX-License-Identifier: Apache-2.0
// primitive_set.cpp: enumerates products of powers of the inputs by rising degree until there are enough,
// and indexes them by dims. Growing a term of given dims is then a look-up. Tested by
// tests/search/generate/grow_test.cpp.
#include "search/tree/primitive_set.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "energylens/core/error.hpp"
#include "expr/check_units.hpp"
#include "search/problem/operators.hpp"
#include "search/tree/printing.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;
using expr::Op;

constexpr std::size_t kEnoughMonomials = 2000, kMostMonomials = 12000;
constexpr double kHighestDegree = 9;

OperatorCosts costs_of(const Options& options) {
  OperatorCosts costs;
  std::fill(std::begin(costs.of), std::end(costs.of), kForbidden);
  for (const OperatorCost& given : options.operators) {
    for (const auto& [name, op] : known_operators()) {
      if (given.name == name) costs.of[static_cast<std::size_t>(op)] = given.cost;
    }
  }
  costs.of[static_cast<std::size_t>(Op::negate)] = costs[Op::subtract];
  return costs;
}

std::vector<Op> functions_of(const OperatorCosts& costs) {
  std::vector<Op> out;
  for (std::size_t i = static_cast<std::size_t>(Op::minimum); i < expr::kOps; ++i) {
    const Op op = static_cast<Op>(i);
    if (op != Op::negate && op != Op::sqrt && costs[op] < kForbidden) out.push_back(op);
  }
  return out;
}

/// The exponents that one input may have, by rising degree.
std::vector<std::pair<double, double>> exponents(const PrimitiveSet& primitives) {
  std::vector<std::pair<double, double>> out;  // exponent, degree
  for (const double size : {1.0, 0.5, 2.0, 3.0, 4.0}) {
    if (size == 0.5 && !primitives.roots) continue;
    const double degree = size == 0.5 ? 1.5 : size;
    out.emplace_back(size, degree);
    if (primitives.quotients) out.emplace_back(-size, degree);
  }
  return out;
}

struct Enumeration {
  const PrimitiveSet& primitives;
  PartPrimitives& part;
  std::vector<std::pair<double, double>> exponents;
  Monomial current{};

  /// Appends all products of exactly `degree` over the inputs from `next` on.
  void extend(std::size_t next, double degree) {
    if (degree == 0) {
      if (part.monomials.size() < kMostMonomials) part.monomials.push_back(current);
      return;
    }
    for (std::size_t i = next; i < part.inputs.size(); ++i) {
      for (const auto& [exponent, cost] : exponents) {
        if (cost > degree) continue;
        const std::size_t input = part.inputs[i];
        const std::optional<Dims> dims = raised(primitives.input_dims[input], exponent);
        if (!dims) continue;
        const Monomial saved = current;
        current.factors.push_back(input_factor(input, exponent));
        current.dims = current.dims + *dims;
        current.degree += cost;
        extend(i + 1, degree - cost);
        current = saved;
      }
    }
  }
};

bool has_target(const PartPrimitives& part, const PrimitiveSet& primitives) {
  return std::any_of(primitives.constants.begin(), primitives.constants.end(),
                     [&](const Dims& c) { return !part.of(part.dims - c).empty(); });
}

/// The product of two products: each input occurs once, and none with exponent 0.
Monomial joined(const Monomial& a, const Monomial& b) {
  Monomial out{a.factors, a.dims + b.dims, 0};
  for (const Factor& f : b.factors) {
    const auto same = [&](const Factor& g) { return g.input == f.input; };
    const auto at = std::find_if(out.factors.begin(), out.factors.end(), same);
    if (at == out.factors.end()) {
      out.factors.push_back(f);
    } else {
      at->exponent += f.exponent;
    }
  }
  std::erase_if(out.factors, [](const Factor& f) { return f.exponent == 0; });
  std::sort(out.factors.begin(), out.factors.end(),
            [](const Factor& f, const Factor& g) { return f.input < g.input; });
  for (const Factor& f : out.factors)
    out.degree += std::ceil(std::fabs(f.exponent)) == std::fabs(f.exponent) ? std::fabs(f.exponent)
                                                                            : std::fabs(f.exponent) + 1;
  return out;
}

/// Finds products of higher degree with the dims wanted: two halves of low degree whose dims add up to them.
void meet_in_the_middle(PartPrimitives& part, const Dims& wanted) {
  constexpr std::size_t kFew = 150, kMost = 1500;
  if (part.of(wanted).size() >= kFew) return;
  std::map<std::vector<std::pair<std::size_t, double>>, Monomial> found;
  const std::size_t base = part.monomials.size();
  constexpr std::size_t kEnough = 20000;
  for (std::size_t a = 0; a < base && found.size() < kEnough; ++a) {
    for (const std::size_t b : part.of(wanted - part.monomials[a].dims)) {
      if (b < a) continue;
      Monomial m = joined(part.monomials[a], part.monomials[b]);
      std::vector<std::pair<std::size_t, double>> key;
      for (const Factor& f : m.factors) key.emplace_back(f.input, f.exponent);
      found.emplace(std::move(key), std::move(m));
    }
  }
  std::vector<const Monomial*> sorted;
  for (const auto& [key, m] : found) sorted.push_back(&m);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Monomial* x, const Monomial* y) { return x->degree < y->degree; });
  std::vector<std::size_t>& like = part.by_dims[wanted];
  like.clear();
  for (std::size_t i = 0; i < std::min(kMost, sorted.size()); ++i) {
    like.push_back(part.monomials.size());
    part.monomials.push_back(*sorted[i]);
  }
}

/// Whether the dims of the part are those of a product, or of two products.
bool reachable(const PartPrimitives& part, const PrimitiveSet& primitives) {
  return std::any_of(primitives.constants.begin(), primitives.constants.end(), [&](const Dims& c) {
    return std::any_of(part.monomials.begin(), part.monomials.end(),
                       [&](const Monomial& m) { return !part.of(part.dims - c - m.dims).empty(); });
  });
}

void enumerate(PartPrimitives& part, const PrimitiveSet& primitives) {
  Enumeration all{primitives, part, exponents(primitives)};
  for (double degree = 0; degree <= kHighestDegree; degree += 0.5) {
    const std::size_t before = part.monomials.size();
    all.extend(0, degree);
    for (std::size_t m = before; m < part.monomials.size(); ++m)
      part.by_dims[part.monomials[m].dims].push_back(m);
    if (part.monomials.size() >= kMostMonomials) break;
    if (part.monomials.size() >= kEnoughMonomials && degree >= 3 && reachable(part, primitives)) break;
  }
  for (const Dims& constant : primitives.constants) meet_in_the_middle(part, part.dims - constant);
  constexpr double kLowDegree = 4;
  for (const Monomial& m : part.monomials) {
    if (m.degree > kLowDegree) continue;
    const std::vector<std::size_t>& like = part.of(m.dims);
    const bool two = like.size() > 1 && part.monomials[like[1]].degree <= kLowDegree;
    if (two && std::find(part.common.begin(), part.common.end(), m.dims) == part.common.end())
      part.common.push_back(m.dims);
  }
}

[[noreturn]] void refuse_units(const Problem& problem, const FormPart& part, const Dims& wanted, bool bare) {
  std::string inputs;
  for (const std::size_t i : part.inputs) {
    inputs +=
        (inputs.empty() ? "" : ", ") + problem.inputs[i].name + " in " + unit_text(problem.inputs[i].unit);
  }
  throw Error::bad_input({}, "no formula has the unit " + unit_text(unit_of(wanted)) + " of " +
                                 (bare ? problem.target_name : "the part " + part.name) +
                                 "; the inputs are " + inputs);
}

/// The dims that the part must have so that multiplier * part has those of the target.
Dims part_dims(const Problem& problem, const FormPart& part) {
  std::vector<expr::NamedUnit> units;
  for (const Input& input : problem.inputs) units.push_back({input.name, input.unit});
  const expr::UnitCheck check = expr::check_units(part.multiplier, units);
  if (!check.consistent) throw Error::bad_input({"form", 0, {}}, check.why);
  return dims_of(problem.target_unit) - dims_of(check.unit.value_or(Unit()));
}

}  // namespace

const std::vector<std::size_t>& PartPrimitives::of(const Dims& wanted) const {
  static const std::vector<std::size_t> none;
  const auto found = by_dims.find(wanted);
  return found == by_dims.end() ? none : found->second;
}

PrimitiveSet make_primitive_set(const Problem& problem, const Form& form, const Options& options) {
  PrimitiveSet primitives;
  primitives.costs = costs_of(options);
  primitives.functions = functions_of(primitives.costs);
  primitives.powers = primitives.costs[Op::power] < kForbidden;
  primitives.roots = primitives.powers || primitives.costs[Op::sqrt] < kForbidden;
  primitives.quotients = primitives.costs[Op::divide] < kForbidden;
  primitives.differences = primitives.costs[Op::subtract] < kForbidden;
  primitives.real_exponents = options.real_exponents && primitives.powers;
  primitives.max_complexity = options.max_complexity;
  primitives.constants.push_back(Dims());
  for (const Unit& unit : options.constant_units) {
    if (options.units && !unit.dimensionless()) primitives.constants.push_back(dims_of(unit));
  }
  for (const Input& input : problem.inputs) {
    primitives.names.push_back(input.name);
    primitives.input_dims.push_back(options.units ? dims_of(input.unit) : Dims());
    primitives.positive.push_back(
        std::all_of(input.values.begin(), input.values.end(), [](double x) { return x > 0; }));
  }
  for (const FormPart& part : form.parts) {
    PartPrimitives of;
    of.inputs = part.inputs;
    if (options.units) of.dims = part_dims(problem, part);
    enumerate(of, primitives);
    if (!has_target(of, primitives)) refuse_units(problem, part, of.dims, form.bare);
    primitives.parts.push_back(std::move(of));
  }
  return primitives;
}

namespace {

/// Finds the dims of a sum; false unless all terms have the same.
bool typed_sum(const Sum& sum, const PrimitiveSet& primitives, Dims& dims) {
  for (std::size_t i = 0; i < sum.size(); ++i) {
    Dims d;
    if (!typed(sum[i], primitives, d)) return false;
    if (i > 0 && d != dims) return false;
    dims = d;
  }
  return !sum.empty();
}

bool typed_factor(const Factor& f, const PrimitiveSet& primitives, Dims& dims) {
  Dims base;
  if (f.kind == Kind::input) {
    base = primitives.input_dims[f.input];
  } else {
    if (!typed_sum(f.argument, primitives, base)) return false;
    if (f.kind == Kind::function && expr::arity(f.function) == 2) {
      Dims second;
      if (!typed_sum(f.second, primitives, second) || second != base) return false;
    } else if (f.kind == Kind::function && f.function != Op::abs) {
      if (f.function != Op::step && !base.none()) return false;
      base = Dims();
    }
  }
  if (f.free) {
    dims = Dims();
    return base.none();
  }
  const std::optional<Dims> power = raised(base, f.exponent);
  if (power) dims = *power;
  return power.has_value();
}

}  // namespace

bool typed(const Term& term, const PrimitiveSet& primitives, Dims& dims) {
  dims = Dims();
  for (const Factor& f : term.factors) {
    Dims d;
    if (!typed_factor(f, primitives, d)) return false;
    dims = dims + d;
  }
  return true;
}

bool typed(const Sum& part, const PartPrimitives& of, const PrimitiveSet& primitives) {
  return std::all_of(part.begin(), part.end(), [&](const Term& term) {
    Dims d;
    if (!typed(term, primitives, d)) return false;
    return std::any_of(primitives.constants.begin(), primitives.constants.end(),
                       [&](const Dims& c) { return d == of.dims - c; });
  });
}

bool typed(const Tree& tree, const PrimitiveSet& primitives) {
  for (std::size_t p = 0; p < tree.parts.size(); ++p) {
    if (!typed(tree.parts[p], primitives.parts[p], primitives)) return false;
  }
  return true;
}

std::size_t free_exponents(Sum& part, const PrimitiveSet& primitives) {
  if (!primitives.real_exponents) return 0;
  std::size_t freed = 0;
  for (Term& term : part) {
    for (Factor& f : term.factors) {
      const bool may = f.kind == Factor::Kind::input && primitives.positive[f.input] &&
                       primitives.input_dims[f.input].none();
      if (!may || f.free) continue;
      f.free = true;
      ++freed;
    }
  }
  return freed;
}

std::size_t snap_exponents(Sum& part) {
  constexpr double kNear = 0.1;
  std::size_t snapped = 0;
  for (Term& term : part) {
    for (Factor& f : term.factors) {
      const double simple = std::round(f.exponent * 2) / 2;
      if (f.kind != Factor::Kind::input || !f.free || std::fabs(f.exponent - simple) > kNear) continue;
      f.free = false;
      f.exponent = simple;
      ++snapped;
    }
  }
  return snapped;
}

}  // namespace energylens::search
