// SPDX-License-Identifier: Apache-2.0
// canonical.cpp: each sum and product is brought to one form, from the leaves to the root. Opening a bracket
// is algebra of real numbers, so it is done only where the root of a negative number cannot arise: for whole
// exponents, odd powers, or positive inputs. Tested by tests/search/tree/tree_test.cpp: equal values, equal
// hashes, and idempotent.
#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "energylens/core/rng.hpp"
#include "search/tree/tree.hpp"

namespace energylens::search {
namespace {

using Positive = std::vector<bool>;
using Kind = Factor::Kind;

enum class SumPlace { top, bracket, argument };

bool whole(double x) {
  return std::nearbyint(x) == x;
}
bool odd(double x) {
  return whole(x) && !whole(x / 2);
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  return splitmix64(hash ^ splitmix64(value));
}
std::uint64_t bits(double x) {
  return static_cast<std::uint64_t>(std::llround(x * 5040));
}

/// `exact`: fitted numbers are part of the hash. Terms that differ only in them have the same structure, but
/// are not equal.
std::uint64_t hash_of(const Sum& sum, bool exact) noexcept;

/// Hash of the base alone, without the exponent.
std::uint64_t base_hash(const Factor& f, bool exact) noexcept {
  const auto kind = static_cast<std::uint64_t>(f.kind);
  if (f.kind == Kind::input) return mix(kind, f.input);
  if (f.kind == Kind::bracket) return mix(kind, hash_of(f.argument, exact));
  const std::uint64_t function = mix(kind + 1000, static_cast<std::uint64_t>(f.function));
  return mix(mix(function, hash_of(f.argument, exact)), hash_of(f.second, exact));
}

std::uint64_t number_hash(double value, bool free, bool exact) noexcept {
  if (!free) return mix(2, bits(value));
  return exact ? mix(3, std::bit_cast<std::uint64_t>(value)) : 3;
}

std::uint64_t factors_hash(const Term& term, bool exact) noexcept {
  std::uint64_t hash = 17;
  for (const Factor& f : term.factors)
    hash = mix(mix(hash, base_hash(f, exact)), number_hash(f.exponent, f.free, exact));
  return hash;
}

std::uint64_t hash_of(const Sum& sum, bool exact) noexcept {
  std::uint64_t hash = 29;
  for (const Term& term : sum)
    hash = mix(mix(hash, factors_hash(term, exact)), number_hash(term.coefficient, term.free, exact));
  return hash;
}

void canonicalise(Sum& sum, SumPlace place, const Positive& positive);

bool has_inputs(const Sum& sum) {
  return std::any_of(sum.begin(), sum.end(), [](const Term& t) { return !t.factors.empty(); });
}

/// exp(c + x) is exp(c) exp(x): the constant belongs to the coefficient outside.
void take_constant_out(Factor& f, Term& outer) {
  if (f.function != expr::Op::exp) return;
  const auto removed = std::erase_if(f.argument, [](const Term& t) { return t.factors.empty(); });
  if (removed > 0) outer.free = true;
}

bool is_odd(expr::Op op) {
  return op == expr::Op::sin || op == expr::Op::tanh || op == expr::Op::asin;
}

/// sin(-x) is -sin(x), cos(-x) is cos(x): arguments begin with a positive term.
void take_sign_out(Factor& f, Term& outer) {
  const bool whole_odd = is_odd(f.function) && !f.free && whole(f.exponent);
  if (f.argument.empty() || !(f.argument.front().coefficient < 0)) return;
  if (!whole_odd && f.function != expr::Op::cos && f.function != expr::Op::abs) return;
  for (Term& t : f.argument) t.coefficient = -t.coefficient;
  if (whole_odd && odd(f.exponent)) outer.coefficient = -outer.coefficient;
}

/// The first coefficient of a bracket becomes 1, or -1 under a root; its size goes outside.
void scale_bracket(Factor& f, Term& outer) {
  Term& first = f.argument.front();
  double scale = std::fabs(first.coefficient);
  if (whole(f.exponent) && !f.free) scale = first.coefficient;
  if (first.free || f.free) outer.free = outer.free || std::fabs(scale) != 1;
  for (Term& t : f.argument) {
    t.coefficient /= scale;
    t.free = t.free || first.free;
  }
  first.free = false;
  if (scale != 1) outer.coefficient *= std::pow(scale, f.exponent);
}

double exponent_of(const Term& term, std::size_t input) {
  for (const Factor& f : term.factors) {
    if (f.kind == Kind::input && f.input == input) return f.free ? 0 : f.exponent;
  }
  return 0;
}

/// The least power of an input that all terms of a sum contain; 0 if there is none.
double common_exponent(const Sum& sum, std::size_t input) {
  double common = exponent_of(sum.front(), input);
  for (const Term& term : sum) {
    const double e = exponent_of(term, input);
    if (e * common <= 0) return 0;
    if (std::fabs(e) < std::fabs(common)) common = e;
  }
  return common;
}

/// (x y + x z)^e becomes x^e (y + z)^e. Returns true if anything was taken out.
bool take_common_out(Factor& f, Term& outer, const Positive& positive) {
  if (f.argument.size() < 2 || f.free) return false;
  bool any = false;
  const std::vector<Factor> candidates = f.argument.front().factors;
  for (const Factor& candidate : candidates) {
    if (candidate.kind != Kind::input || !(whole(f.exponent) || positive[candidate.input])) continue;
    const double common = common_exponent(f.argument, candidate.input);
    if (common == 0) continue;
    any = true;
    outer.factors.push_back(input_factor(candidate.input, common * f.exponent));
    for (Term& term : f.argument) {
      for (Factor& g : term.factors) {
        if (g.kind == Kind::input && g.input == candidate.input) g.exponent -= common;
      }
      std::erase_if(term.factors, [](const Factor& g) { return !g.free && g.exponent == 0; });
    }
  }
  return any;
}

bool may_open(const Factor& f, const Positive& positive) {
  const Term& inner = f.argument.front();
  if (f.free) {
    if (inner.factors.empty()) return inner.coefficient > 0;  // a power of a number is a number
    return inner.coefficient > 0 && inner.factors.size() == 1 && !inner.factors[0].free &&
           inner.factors[0].kind == Kind::input && positive[inner.factors[0].input];
  }
  if (whole(f.exponent)) return true;
  const auto safe = [&](const Factor& g) {
    return (g.kind == Kind::input && positive[g.input]) || (!g.free && odd(g.exponent));
  };
  return inner.coefficient > 0 && std::all_of(inner.factors.begin(), inner.factors.end(), safe);
}

/// Opens a bracket of one term: the factors of (c x y)^e become factors of `outer`.
void open(Factor f, Term& outer) {
  Term& inner = f.argument.front();
  outer.free = outer.free || inner.free || (f.free && inner.coefficient != 1);
  outer.coefficient *= std::pow(inner.coefficient, f.exponent);
  for (Factor& g : inner.factors) {
    g.exponent *= f.exponent;
    g.free = g.free || f.free;
    outer.factors.push_back(std::move(g));
  }
}

/// Returns true if the factor was dissolved into `outer`.
bool dissolve(Factor& f, Term& outer, const Positive& positive) {
  if (!f.free && f.exponent == 0) return true;
  if (f.kind == Kind::input) return false;
  const bool bracket = f.kind == Kind::bracket;
  canonicalise(f.argument, bracket ? SumPlace::bracket : SumPlace::argument, positive);
  if (f.kind == Kind::function) {
    canonicalise(f.second, SumPlace::argument, positive);
    if (expr::arity(f.function) == 2 && (f.argument.empty() || f.second.empty())) {
      outer.coefficient = 0;  // one argument cancelled out: not a formula
      outer.free = false;
      return true;
    }
    take_constant_out(f, outer);
    take_sign_out(f, outer);
    if (has_inputs(f.argument) || has_inputs(f.second)) return false;
    outer.free = true;  // a function of numbers is a number
    return true;
  }
  if (f.argument.empty()) {
    outer.coefficient = 0;
    outer.free = false;
    return true;
  }
  if (f.argument.size() == 1 && may_open(f, positive)) {
    open(std::move(f), outer);
    return true;
  }
  if (take_common_out(f, outer, positive)) return dissolve(f, outer, positive);  // a bracket may be left bare
  scale_bracket(f, outer);
  return false;
}

/// Sorts by structure, then by fitted numbers.
using Key = std::pair<std::uint64_t, std::uint64_t>;

void merge_like_factors(Term& term) {
  std::vector<std::pair<Key, Factor>> keyed;
  for (Factor& f : term.factors) {
    const Key key{base_hash(f, false), base_hash(f, true)};
    const auto same = std::find_if(keyed.begin(), keyed.end(), [&](const auto& k) { return k.first == key; });
    if (same == keyed.end()) {
      keyed.emplace_back(key, std::move(f));
    } else {
      same->second.exponent += f.exponent;
      same->second.free = same->second.free || f.free;
    }
  }
  std::erase_if(keyed, [](const auto& k) { return !k.second.free && k.second.exponent == 0; });
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second.kind, a.first) < std::pair(b.second.kind, b.first);
  });
  term.factors.clear();
  for (auto& [key, f] : keyed) term.factors.push_back(std::move(f));
}

void canonicalise(Term& term, const Positive& positive) {
  // Opening appends factors, which are then treated in turn.
  for (std::size_t i = 0; i < term.factors.size();) {
    Factor f = std::move(term.factors[i]);
    if (dissolve(f, term, positive)) {
      term.factors.erase(term.factors.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      term.factors[i++] = std::move(f);
    }
  }
  merge_like_factors(term);
}

bool is_bare_bracket(const Term& term) {
  return term.factors.size() == 1 && term.factors[0].kind == Kind::bracket && !term.factors[0].free &&
         term.factors[0].exponent == 1;
}

/// c (x + y) in a sum becomes c x + c y.
void splice_brackets(Sum& sum) {
  Sum flat;
  for (Term& term : sum) {
    if (!is_bare_bracket(term)) {
      flat.push_back(std::move(term));
      continue;
    }
    Sum inner = std::move(term.factors[0].argument);
    for (Term& t : inner) {
      t.coefficient *= term.coefficient;
      t.free = t.free || term.free;
      flat.push_back(std::move(t));
    }
  }
  sum = std::move(flat);
}

void merge_like_terms(Sum& sum) {
  std::vector<std::pair<Key, Term>> keyed;
  for (Term& term : sum) {
    if (!term.free && term.coefficient == 0) continue;
    const Key key{factors_hash(term, false), factors_hash(term, true)};
    const auto same = std::find_if(keyed.begin(), keyed.end(), [&](const auto& k) { return k.first == key; });
    if (same == keyed.end()) {
      keyed.emplace_back(key, std::move(term));
    } else {
      same->second.coefficient += term.coefficient;
      same->second.free = same->second.free || term.free;
    }
  }
  std::erase_if(keyed, [](const auto& k) { return !k.second.free && k.second.coefficient == 0; });
  std::sort(keyed.begin(), keyed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  sum.clear();
  for (auto& [key, term] : keyed) sum.push_back(std::move(term));
}

void canonicalise(Sum& sum, SumPlace place, const Positive& positive) {
  for (Term& term : sum) canonicalise(term, positive);
  splice_brackets(sum);
  merge_like_terms(sum);
  for (Term& term : sum) {
    if (place == SumPlace::top) term.free = true;
    if (term.free && (term.coefficient == 0 || !std::isfinite(term.coefficient))) term.coefficient = 1;
  }
}

/// x (y + z) of whole terms becomes x y + x z.
void expand(Sum& part) {
  Sum out;
  for (Term& term : part) {
    const auto plain = [](const Factor& f) { return f.kind == Kind::bracket && !f.free && f.exponent == 1; };
    const auto at = std::find_if(term.factors.begin(), term.factors.end(), plain);
    if (at == term.factors.end()) {
      out.push_back(std::move(term));
      continue;
    }
    const Sum inner = std::move(at->argument);
    term.factors.erase(at);
    for (const Term& t : inner) {
      Term product = term;
      product.coefficient *= t.coefficient;
      product.factors.insert(product.factors.end(), t.factors.begin(), t.factors.end());
      out.push_back(std::move(product));
    }
  }
  part = std::move(out);
}

}  // namespace

void expand(Tree& tree, const std::vector<bool>& positive) {
  for (Sum& part : tree.parts) expand(part);
  canonicalise(tree, positive);
}

void canonicalise(Tree& tree, const std::vector<bool>& positive) {
  for (Sum& part : tree.parts) canonicalise(part, SumPlace::top, positive);
}

std::uint64_t structure_hash(const Tree& tree) noexcept {
  std::uint64_t hash = 41;
  for (const Sum& part : tree.parts) hash = mix(hash, hash_of(part, false));
  return hash;
}

}  // namespace energylens::search
