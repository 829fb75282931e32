// SPDX-License-Identifier: Apache-2.0
// vary.cpp: small changes that keep dims. A place is a sum of the tree with the dims of its terms; terms
// enter and leave it, come from the mate, or change by a factor that leaves dims as they are. Held by
// tests/search/generate/grow_test.cpp.
#include "search/generate/vary.hpp"

#include <algorithm>
#include <cmath>

#include "search/generate/grow.hpp"

namespace energylens::search {
namespace {

using Kind = Factor::Kind;

/// A sum inside a tree.
struct Place {
  Sum* sum;
  std::size_t part;
  bool top;
  int depth;
};

void find_places(Sum& sum, std::size_t part, bool top, int depth, std::vector<Place>& out) {
  out.push_back({&sum, part, top, depth});
  for (Term& term : sum) {
    for (Factor& f : term.factors) {
      if (f.kind == Kind::input) continue;
      find_places(f.argument, part, false, depth + 1, out);
      if (!f.second.empty()) find_places(f.second, part, false, depth + 1, out);
    }
  }
}

std::vector<Place> places(Tree& tree) {
  std::vector<Place> out;
  for (std::size_t p = 0; p < tree.parts.size(); ++p) find_places(tree.parts[p], p, true, 0, out);
  return out;
}

bool uses_only(const Sum& sum, const std::vector<std::size_t>& inputs);
bool uses_only(const Term& term, const std::vector<std::size_t>& inputs) {
  return std::all_of(term.factors.begin(), term.factors.end(), [&](const Factor& f) {
    if (f.kind == Kind::input) return std::binary_search(inputs.begin(), inputs.end(), std::size_t{f.input});
    return uses_only(f.argument, inputs) && uses_only(f.second, inputs);
  });
}
bool uses_only(const Sum& sum, const std::vector<std::size_t>& inputs) {
  return std::all_of(sum.begin(), sum.end(), [&](const Term& t) { return uses_only(t, inputs); });
}

class Variation {
 public:
  Variation(Tree& tree, const Tree& mate, const Vocabulary& v, Rng& rng)
      : tree_(tree), mate_(mate), v_(v), rng_(rng), grower_(v, rng) {}

  bool once() {
    all_ = places(tree_);
    place_ = all_[rng_.below(all_.size())];
    // Whole terms are where most is won.
    if (!place_.top && rng_.below(2) == 0) place_ = all_[0];
    if (place_.top) place_ = top_place();
    switch (rng_.below(14)) {
      case 0:
        return add_term();
      case 1:
        return remove_term();
      case 2:
        return replace_term();
      case 3:
        return take_from_mate(true);
      case 4:
        return take_from_mate(false);
      case 5:
        return multiply_by_number();
      case 6:
        return multiply_by_factor();
      case 7:
        return remove_factor();
      case 8:
        return change_coefficient();
      case 9:
        return widen_input();
      case 10:
        return swap_input();
      case 11:
        return free_exponent();
      case 12:
        return change_function();
      default:
        return change_exponent();
    }
  }

 private:
  Place top_place() {
    const std::size_t p = rng_.below(tree_.parts.size());
    return {&tree_.parts[p], p, true, 0};
  }
  const PartVocabulary& part() const { return v_.parts[place_.part]; }
  Term* some_term() { return place_.sum->empty() ? nullptr : &(*place_.sum)[rng_.below(place_.sum->size())]; }

  Dims dims_of(const Term& term) const {
    Dims d;
    typed(term, v_, d);
    return d;
  }

  std::optional<Term> fresh_term() {
    if (place_.top) return grower_.whole_term(place_.part);
    if (place_.sum->empty()) return std::nullopt;
    std::optional<Term> t = grower_.term(part(), dims_of(place_.sum->front()), std::max(0, 2 - place_.depth));
    if (t) {
      t->free = rng_.below(2) == 0;
      t->coefficient = v_.differences && rng_.below(3) == 0 ? -1 : 1;
    }
    return t;
  }

  bool add_term() {
    std::optional<Term> t = fresh_term();
    if (t) place_.sum->push_back(*std::move(t));
    return t.has_value();
  }

  bool remove_term() {
    if (place_.sum->size() < 2) return false;
    place_.sum->erase(place_.sum->begin() + static_cast<std::ptrdiff_t>(rng_.below(place_.sum->size())));
    return true;
  }

  bool replace_term() {
    std::optional<Term> t = fresh_term();
    Term* const old = some_term();
    if (t && old) *old = *std::move(t);
    return t && old;
  }

  /// A term of the mate: anywhere in it, of the dims of this place.
  bool take_from_mate(bool replace) {
    Tree mate = mate_;
    std::vector<Term> fitting;
    for (const Place& other : places(mate)) {
      for (const Term& t : *other.sum) {
        const bool same = place_.top ? typed(Sum{t}, part(), v_)
                                     : !place_.sum->empty() && dims_of(t) == dims_of(place_.sum->front());
        if (same && uses_only(t, part().inputs)) fitting.push_back(t);
      }
    }
    if (fitting.empty()) return false;
    Term taken = fitting[rng_.below(fitting.size())];
    if (Term* const old = replace ? some_term() : nullptr) {
      *old = std::move(taken);
    } else {
      place_.sum->push_back(std::move(taken));
    }
    return true;
  }

  void multiply(Term& term, const Monomial& m) {
    term.factors.insert(term.factors.end(), m.factors.begin(), m.factors.end());
  }

  /// By a product of inputs that has no dims (of a whole term: the difference of two units of constants).
  bool multiply_by_number() {
    Dims d;
    if (place_.top && v_.constants.size() > 1) {
      d = v_.constants[rng_.below(v_.constants.size())] - v_.constants[rng_.below(v_.constants.size())];
    }
    const Monomial* m = grower_.monomial(part(), d);
    Term* const term = some_term();
    if (!m || !term) return false;
    multiply(*term, *m);
    return typed_here();
  }

  bool multiply_by_factor() {
    std::optional<Factor> f = grower_.factor(part(), std::max(1, 2 - place_.depth));
    Term* const term = some_term();
    if (!f || !term) return false;
    const Monomial* m = grower_.monomial(part(), Dims() - dims_of_factor(*f, v_));
    if (!m) return false;
    multiply(*term, *m);
    term->factors.push_back(*std::move(f));
    return true;
  }

  /// Leaves a factor out; a product of inputs makes up for its dims.
  bool remove_factor() {
    Term* const term = some_term();
    if (!term || term->factors.empty()) return false;
    const std::size_t which = rng_.below(term->factors.size());
    const Monomial* m = grower_.monomial(part(), dims_of_factor(term->factors[which], v_));
    if (!m) return false;
    term->factors.erase(term->factors.begin() + static_cast<std::ptrdiff_t>(which));
    multiply(*term, *m);
    return true;
  }

  bool change_coefficient() {
    Term* const term = some_term();
    if (place_.top || !term) return nudge_constants();
    static constexpr double kSimple[] = {1, -1, 2, -2, 0.5};
    term->free = rng_.below(2) == 0;
    if (rng_.below(2) == 0) term->coefficient = kSimple[rng_.below(v_.differences ? 5 : 1)];
    return true;
  }

  bool nudge_constants() {
    bool any = false;
    for (Sum& sum : tree_.parts) {
      for (const InnerConstant& c : inner_constants(sum)) {
        if (rng_.below(2) == 0)
          *c.value *= std::exp(0.7 * rng_.normal()) * (v_.differences && rng_.below(8) == 0 ? -1 : 1);
        any = true;
      }
    }
    return any;
  }

  Factor* some_factor(Kind kind) {
    std::vector<Factor*> found;
    for (Term& t : *place_.sum) {
      for (Factor& f : t.factors) {
        if (f.kind == kind) found.push_back(&f);
      }
    }
    return found.empty() ? nullptr : found[rng_.below(found.size())];
  }

  /// x^e becomes (x + t)^e, t of the dims of x.
  bool widen_input() {
    Factor* const f = some_factor(Kind::input);
    if (!f) return false;
    std::optional<Term> t = grower_.term(part(), v_.input_dims[f->input], 0);
    if (!t) return false;
    t->free = rng_.below(2) == 0;
    t->coefficient = v_.differences && rng_.below(2) == 0 ? -1 : 1;
    Factor wide;
    wide.kind = Kind::bracket;
    wide.exponent = f->exponent;
    wide.free = f->free;
    wide.argument = {Term{1, false, {input_factor(f->input)}}, *std::move(t)};
    *f = std::move(wide);
    return true;
  }

  bool swap_input() {
    Factor* const f = some_factor(Kind::input);
    if (!f) return false;
    std::vector<std::size_t> fitting;
    for (const std::size_t i : part().inputs) {
      if (i != f->input && v_.input_dims[i] == v_.input_dims[f->input]) fitting.push_back(i);
    }
    if (fitting.empty()) return false;
    f->input = static_cast<std::uint16_t>(fitting[rng_.below(fitting.size())]);
    if (f->free && !v_.positive[f->input]) f->free = false;
    return typed_here();
  }

  /// One exponent, or now and then all of a whole part: then a descent sees which of them matter, and those
  /// that come out simple are fixed again.
  bool free_exponent() {
    if (place_.top && v_.real_exponents && rng_.below(3) == 0) {
      const bool settle = rng_.below(2) == 0;
      return (settle ? settle_exponents(*place_.sum) : free_exponents(*place_.sum, v_)) > 0 && typed_here();
    }
    Factor* const f = some_factor(rng_.below(3) == 0 ? Kind::bracket : Kind::input);
    if (!f || !v_.real_exponents) return false;
    if (f->free) {
      f->free = false;
      f->exponent = std::round(f->exponent * 2) / 2;
      return true;
    }
    if (f->kind == Kind::input && !(v_.positive[f->input] && v_.input_dims[f->input].none())) return false;
    f->free = true;
    return typed_here();
  }

  bool change_function() {
    Factor* const f = some_factor(Kind::function);
    if (!f) return false;
    const expr::Op op = v_.functions[rng_.below(v_.functions.size())];
    if (expr::arity(op) != expr::arity(f->function)) return false;
    f->function = op;
    return typed_here();
  }

  /// Of a bracket or function; a product of inputs makes up for the dims.
  bool change_exponent() {
    Term* const term = some_term();
    if (!term) return false;
    for (Factor& f : term->factors) {
      if (f.free || (f.kind == Kind::input && rng_.below(2) == 0)) continue;
      const Dims before = dims_of_factor(f, v_);
      f.exponent = grower_.exponent();
      const Monomial* m = grower_.monomial(part(), before - dims_of_factor(f, v_));
      if (!m || !typed_here()) return false;
      multiply(*term, *m);
      return true;
    }
    return false;
  }

  bool typed_here() const { return typed(tree_.parts[place_.part], part(), v_); }

  Tree& tree_;
  const Tree& mate_;
  const Vocabulary& v_;
  Rng& rng_;
  Grower grower_;
  std::vector<Place> all_;
  Place place_{};
};

}  // namespace

Tree varied(const Tree& tree, const Tree& mate, const Vocabulary& vocabulary, Rng& rng) {
  constexpr int kTries = 12;
  const std::size_t changes = 1 + (rng.below(3) == 0 ? 1 : 0) + (rng.below(6) == 0 ? 1 : 0);
  Tree out = tree;
  for (std::size_t done = 0, tried = 0; done < changes && tried < kTries; ++tried) {
    Tree next = out;
    if (!Variation(next, mate, vocabulary, rng).once()) continue;
    out = std::move(next);
    ++done;
  }
  return out;
}

}  // namespace energylens::search
