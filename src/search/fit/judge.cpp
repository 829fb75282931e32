// SPDX-License-Identifier: Apache-2.0
// judge.cpp: the way of every candidate, from wherever it came to a member of a population. Held by
// tests/search/evolve/search_test.cpp.
#include "search/fit/judge.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

constexpr double kRise = 1.02;  // how much larger an input is where a formula must not be smaller

/// Leaves out the terms whose coefficient is 0 in every group. True if there were any.
bool drop_zero_terms(Tree& tree, const std::vector<double>& coefficients) {
  const std::size_t terms = count_terms(tree), sets = terms ? coefficients.size() / terms : 0;
  std::size_t k = 0;
  bool dropped = false;
  for (Sum& part : tree.parts) {
    Sum kept;
    for (Term& term : part) {
      bool zero = true;
      for (std::size_t s = 0; s < sets; ++s) zero = zero && coefficients[s * terms + k] == 0;
      dropped = dropped || zero;
      if (!zero) kept.push_back(std::move(term));
      ++k;
    }
    part = std::move(kept);
  }
  return dropped;
}

bool bounded(const Sum& sum, bool may_be_negative, bool whole_terms) {
  return std::all_of(sum.begin(), sum.end(), [&](const Term& term) {
    if (!may_be_negative && !whole_terms && term.coefficient < 0) return false;
    return std::all_of(term.factors.begin(), term.factors.end(), [&](const Factor& f) {
      const bool tame = !f.free || std::fabs(f.exponent) <= FitSettings{}.greatest_exponent;
      return tame && bounded(f.argument, may_be_negative, false) && bounded(f.second, may_be_negative, false);
    });
  });
}

}  // namespace

bool keeps_bounds(const Tree& tree, const Vocabulary& vocabulary) {
  return std::all_of(tree.parts.begin(), tree.parts.end(),
                     [&](const Sum& part) { return bounded(part, vocabulary.differences, true); });
}

Setting setting_of(const Sheet& sheet, const Vocabulary& vocabulary, const Options& options,
                   const Problem& problem, const Form& form) {
  Setting out{sheet, vocabulary, options, {}, {}};
  out.fit.coefficients = options.coefficients;
  out.fit.inner = options.exponents;
  out.fit.positive = options.positive_coefficients;
  out.fit.positive_inner = !vocabulary.differences;
  out.fit.starts = 6;
  out.fit.steps = 40;
  out.fit.tolerance = 1e-5;
  for (const Input& input : problem.inputs) {
    if (std::find(options.rising.begin(), options.rising.end(), input.name) == options.rising.end()) continue;
    Problem risen = problem;
    for (Input& other : risen.inputs) {
      if (other.name != input.name && other.relative_to != input.name) continue;
      for (double& v : other.values) v += std::fabs(v) * (kRise - 1);
    }
    out.risen.emplace_back(risen, form, options.loss);
  }
  return out;
}

bool Seen::enter(std::uint64_t hash) {
  std::uint64_t& slot = slots_[hash % slots_.size()];
  if (slot == hash) return false;
  slot = hash;
  return true;
}

bool rises(Member& member, const Setting& setting, Fitter& fitter) {
  if (setting.risen.empty()) return true;
  const std::vector<double> here = fitter.predict(member.tree, member.fitted, setting.sheet);
  return std::all_of(setting.risen.begin(), setting.risen.end(), [&](const Sheet& sheet) {
    const std::vector<double> there = fitter.predict(member.tree, member.fitted, sheet);
    for (std::size_t i = 0; i < here.size(); ++i) {
      if (!(there[i] >= here[i] - 1e-9 * std::fabs(here[i]))) return false;
    }
    return true;
  });
}

std::optional<Member> Judge::judge(Tree tree, Seen* seen) {
  constexpr std::size_t kMostTerms = 12, kMostInner = 16;
  for (int round = 0; round < 3; ++round) {
    canonicalise(tree, setting_.vocabulary.positive);
    const double cost = complexity(tree, setting_.vocabulary.prices);
    if (!(cost <= setting_.vocabulary.max_complexity)) return std::nullopt;
    if (count_terms(tree) == 0 || count_terms(tree) > kMostTerms || count_inner(tree) > kMostInner)
      return std::nullopt;
    if (seen && !seen->enter(structure_hash(tree))) {
      ++duplicates_;
      return std::nullopt;
    }
    Member member{std::move(tree), {}, cost};
    member.fitted = fitter_.fit(member.tree, setting_.fit);
    ++evaluations_;
    if (!std::isfinite(member.loss()) || member.fitted.redundant) return std::nullopt;
    if (!keeps_bounds(member.tree, setting_.vocabulary)) return std::nullopt;
    if (setting_.fit.positive && drop_zero_terms(member.tree, member.fitted.coefficients)) {
      tree = std::move(member.tree);
      continue;
    }
    if (!rises(member, setting_, fitter_)) return std::nullopt;
    return member;
  }
  return std::nullopt;
}

}  // namespace energylens::search
