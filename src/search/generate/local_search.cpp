// SPDX-License-Identifier: Apache-2.0
// local_search.cpp: the columns of the library are ranked by how much they reduce the residual sum of
// squares of a formula, or of the formula without one of its terms (rss_reduction.hpp). The best of all and
// the best of each degree are tried: a simple term is worth more than its reduction shows. When the front no
// longer changes, twice as many are tried. Tested by tests/search/generate/local_search_test.cpp.
#include "search/generate/local_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "search/generate/rss_reduction.hpp"

namespace energylens::search {
namespace {

/// How many columns are tried: the best of all, and the best of each whole degree.
struct Width {
  std::size_t best, of_degree;
};
constexpr Width kAdded{8, 2}, kSwapped{4, 1};  // at radius 0
constexpr int kRadii = 4;

Width widened(Width first, int radius) {
  return {first.best << radius, first.of_degree << radius};
}

/// The columns to try, the best first.
std::vector<std::size_t> leading(const std::vector<double>& reductions, const Library& library, Width width) {
  std::vector<std::size_t> order(reductions.size()), out;
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return reductions[a] > reductions[b]; });
  std::map<long, std::size_t> taken;
  for (std::size_t i = 0; i < order.size() && reductions[order[i]] > 0; ++i) {
    const long degree = std::lround(library.degree[order[i]]);
    if (i >= width.best && taken[degree] >= width.of_degree) continue;
    out.push_back(order[i]);
    ++taken[degree];
  }
  return out;
}

/// The place of a term in a tree.
struct Spot {
  std::size_t part, term;
};

std::vector<Spot> spots(const Tree& tree) {
  std::vector<Spot> out;
  for (std::size_t p = 0; p < tree.parts.size(); ++p) {
    for (std::size_t t = 0; t < tree.parts[p].size(); ++t) out.push_back({p, t});
  }
  return out;
}

Tree without(const Tree& tree, const Spot& spot) {
  Tree out = tree;
  Sum& part = out.parts[spot.part];
  part.erase(part.begin() + static_cast<std::ptrdiff_t>(spot.term));
  return out;
}

Tree with(Tree tree, const Library& library, std::size_t column) {
  tree.parts[library.part[column]].push_back(library.terms[column]);
  return tree;
}

void add_drops(const Tree& tree, const std::vector<Spot>& terms, std::vector<Tree>& out) {
  if (terms.size() < 2) return;
  for (const Spot& spot : terms) out.push_back(without(tree, spot));
}

/// Puts two terms whose coefficients have the same sign in all groups under one coefficient, once as they
/// are and once with a ratio that groups share.
void add_ties(const Member& member, const std::vector<Spot>& terms, std::vector<Tree>& out) {
  const std::vector<double>& c = member.fitted.coefficients;
  for (std::size_t a = 0; a < terms.size(); ++a) {
    for (std::size_t b = a + 1; b < terms.size() && terms[b].part == terms[a].part; ++b) {
      bool alike = true;
      for (std::size_t s = 0; s < c.size(); s += terms.size()) alike = alike && c[s + a] * c[s + b] >= 0;
      if (!alike) continue;
      for (const bool same : {true, false}) {
        out.push_back(member.tree);
        tie_terms(out.back().parts[terms[a].part], terms[a].term, terms[b].term, same);
      }
    }
  }
}

Factor* factor_of(Term& term, std::size_t input) {
  const auto at = std::find_if(term.factors.begin(), term.factors.end(), [&](const Factor& f) {
    return f.kind == Factor::Kind::input && f.input == input;
  });
  return at == term.factors.end() ? nullptr : &*at;
}

/// Changes one exponent at a time: a given one is fitted, a fitted one becomes the nearest multiple of 1/2,
/// and a term without an input gets it with a fitted exponent.
void add_exponents(const Tree& tree, const std::vector<Spot>& terms, const PrimitiveSet& primitives,
                   std::vector<Tree>& out) {
  if (!primitives.real_exponents) return;
  for (const Spot& spot : terms) {
    for (const std::size_t input : primitives.parts[spot.part].inputs) {
      if (!primitives.positive[input] || !primitives.input_dims[input].none()) continue;
      Tree next = tree;
      Term& term = next.parts[spot.part][spot.term];
      if (!factor_of(term, input)) term.factors.push_back(input_factor(input, 0));
      Factor& f = *factor_of(term, input);
      if (f.free) f.exponent = std::round(f.exponent * 2) / 2;
      f.free = !f.free;
      out.push_back(std::move(next));
    }
  }
}

}  // namespace

LocalSearch::LocalSearch(const SearchContext& context, const RunOptions& run)
    : context_(context), run_(run), goal_(goal_of(context, 1)) {
  if (!finite(goal_.values)) return;
  library_ = library(context, goal_);
  add_sums_of_two(context, goal_, library_);
}

std::vector<Tree> LocalSearch::neighbours(const Member& member) const {
  const std::vector<Spot> terms = spots(member.tree);
  std::vector<Tree> out;
  add_ties(member, terms, out);
  add_drops(member.tree, terms, out);
  add_exponents(member.tree, terms, context_.primitives, out);

  std::vector<std::vector<double>> columns;
  for (const Spot& spot : terms)
    columns.push_back(column_of(context_, goal_, spot.part, member.tree.parts[spot.part][spot.term]));
  if (!std::all_of(columns.begin(), columns.end(), finite)) return out;
  const std::vector<double>& c = member.fitted.coefficients;
  const std::size_t blocks = goal_.begin.size() - 1;
  std::vector<bool> used(blocks * terms.size());
  for (std::size_t i = 0; i < used.size(); ++i)
    used[i] = c[c.size() == used.size() ? i : i % terms.size()] != 0;
  RssReduction reduction(library_, goal_, context_.fit.positive);
  reduction.set_terms(std::move(columns), std::move(used));

  std::vector<std::vector<std::size_t>> ranked = {
      leading(reduction.reductions(std::nullopt), library_, widened(kAdded, radius_))};
  for (std::size_t t = 0; t < terms.size(); ++t)
    ranked.push_back(leading(reduction.reductions(t), library_, widened(kSwapped, radius_)));
  for (std::size_t rank = 0, any = 1; any; ++rank) {
    any = 0;
    for (std::size_t list = 0; list < ranked.size(); ++list) {
      if (rank >= ranked[list].size()) continue;
      any = 1;
      out.push_back(with(list == 0 ? member.tree : without(member.tree, terms[list - 1]), library_,
                         ranked[list][rank]));
    }
  }
  return out;
}

std::vector<Tree> LocalSearch::around(const std::vector<const Member*>& front, std::uint64_t most) {
  for (; radius_ < kRadii; ++radius_) {
    std::vector<const Member*> fresh;
    for (const Member* member : front) {
      if (expanded_.insert({structure_hash(member->tree), radius_}).second) fresh.push_back(member);
    }
    std::vector<std::vector<Tree>> found(fresh.size());
    parallel_for(fresh.size(), run_, [&](std::size_t i) {
      found[i] = neighbours(*fresh[i]);
      for (Tree& tree : found[i]) canonicalise(tree, context_.primitives.positive);
    });
    std::vector<Tree> out = in_turn(std::move(found), most);
    if (!out.empty()) return out;
  }
  return {};
}

/// The first new tree of each list, then the second of each, and so on.
std::vector<Tree> LocalSearch::in_turn(std::vector<std::vector<Tree>> found, std::uint64_t most) {
  std::vector<Tree> out;
  for (std::size_t rank = 0, any = 1; any; ++rank) {
    any = 0;
    for (std::vector<Tree>& trees : found) {
      if (rank >= trees.size()) continue;
      if (out.size() == most) return out;
      any = 1;
      if (typed(trees[rank], context_.primitives) && tried_.insert(structure_hash(trees[rank])).second)
        out.push_back(std::move(trees[rank]));
    }
  }
  return out;
}

}  // namespace energylens::search
