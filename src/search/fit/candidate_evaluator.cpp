// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/fit/candidate_evaluator_test.cpp and tests/search/evolve/search_test.cpp.
#include "search/fit/candidate_evaluator.hpp"

#include <algorithm>
#include <cmath>

namespace energylens::search {
namespace {

/// Removes the terms whose coefficient is 0 in every group. Returns true if there were any.
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
      const bool moderate = !f.free || std::fabs(f.exponent) <= FitSettings{}.greatest_exponent;
      return moderate && bounded(f.argument, may_be_negative, false) &&
             bounded(f.second, may_be_negative, false);
    });
  });
}

}  // namespace

bool keeps_bounds(const Tree& tree, const PrimitiveSet& primitives) {
  return std::all_of(tree.parts.begin(), tree.parts.end(),
                     [&](const Sum& part) { return bounded(part, primitives.differences, true); });
}

bool keeps_monotonicity(Member& member, const SearchContext& context) {
  if (context.shifted.empty()) return true;
  const std::vector<double> here = predict_rows(member.tree, member.fitted, context.dataset);
  return std::all_of(context.shifted.begin(), context.shifted.end(), [&](const Dataset& dataset) {
    const std::vector<double> there = predict_rows(member.tree, member.fitted, dataset);
    for (std::size_t i = 0; i < here.size(); ++i) {
      if (!(there[i] >= here[i] - 1e-9 * std::fabs(here[i]))) return false;
    }
    return true;
  });
}

std::optional<Member> CandidateEvaluator::evaluate(Tree tree, VisitedSet* visited) {
  constexpr std::size_t kMostTerms = 12, kMostInner = 16;
  for (int round = 0; round < 3; ++round) {
    canonicalise(tree, context_.primitives.positive);
    const double cost = complexity(tree, context_.primitives.costs);
    if (!(cost <= context_.primitives.max_complexity)) return std::nullopt;
    if (count_terms(tree) == 0 || count_terms(tree) > kMostTerms || count_inner(tree) > kMostInner)
      return std::nullopt;
    if (visited && !visited->insert(structure_hash(tree))) {
      ++duplicates_;
      return std::nullopt;
    }
    Member member{std::move(tree), {}, cost};
    member.fitted = fit_constants(member.tree, context_.fit, workspace_);
    ++evaluations_;
    if (!std::isfinite(member.loss()) || member.fitted.redundant) return std::nullopt;
    if (!keeps_bounds(member.tree, context_.primitives)) return std::nullopt;
    if (context_.fit.positive && drop_zero_terms(member.tree, member.fitted.coefficients)) {
      tree = std::move(member.tree);
      continue;
    }
    if (!keeps_monotonicity(member, context_)) return std::nullopt;
    return member;
  }
  return std::nullopt;
}

}  // namespace energylens::search
