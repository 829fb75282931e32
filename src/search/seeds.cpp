// SPDX-License-Identifier: Apache-2.0
// seeds.cpp: exhaustive search of small sums. Every product of inputs that has the right dims is a column;
// the least squares of all single columns and all pairs follow from their inner products, so a few million
// pairs cost about a second. The same with the target raised to a power finds (x + y)^e. Dimensional analysis
// (Buckingham 1914) is what keeps the list of products short where units are on. Held by
// tests/search/seeds_test.cpp.
#include "seeds.hpp"

#include <cmath>
#include <map>

#include "peel.hpp"
#include "small_linear.hpp"
#include "sums.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kKeptSingles = 120, kKeptPairs = 160;

/// The chosen terms as a tree; for a power of the target, inside a bracket.
Tree tree_of(const Setting& setting, const Library& library, const Goal& goal,
             std::vector<std::size_t> chosen) {
  Tree tree;
  tree.parts.resize(setting.vocabulary.parts.size());
  for (const std::size_t c : chosen) tree.parts[library.part[c]].push_back(library.terms[c]);
  if (goal.exponent == 1) return tree;
  Factor f;
  f.kind = Factor::Kind::bracket;
  f.exponent = 1 / goal.exponent;
  f.argument = std::move(tree.parts[0]);
  tree.parts[0] = {Term{1, true, {std::move(f)}}};
  return tree;
}

/// Coefficients of a least-squares solution are where the fit of a bracket begins.
void start_bracket(const Goal& goal, const Library& library, const std::vector<std::size_t>& chosen,
                   Tree& tree) {
  if (goal.exponent == 1) return;
  const std::size_t n = goal.values.size();
  SmallSystem system;
  system.reset(chosen.size());
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j)
      system.a(i, j) = dot(library.columns[chosen[i]], library.columns[chosen[j]], 0, n);
    system.b(i) = dot(library.columns[chosen[i]], goal.values, 0, n);
  }
  std::vector<double> x;
  system.solve(x);
  Sum& sum = tree.parts[0][0].factors[0].argument;
  for (std::size_t i = 0; i < chosen.size(); ++i) sum[i].coefficient = x[i] == 0 ? 1 : x[i];
}

/// The first `kept` of each whole degree, and of all.
std::vector<Choice> best_of_each_degree(const std::vector<Choice>& sorted, const Library& library,
                                        std::size_t kept) {
  std::map<long, std::size_t> taken;
  std::vector<Choice> out;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const Choice& c = sorted[i];
    const long degree = std::lround(library.degree[c.a] + (c.b == c.a ? 0 : library.degree[c.b]));
    if (i < kept || taken[degree] < kept / 4) {
      out.push_back(c);
      ++taken[degree];
    }
  }
  return out;
}

void add_sums(const Setting& setting, double exponent, const RunOptions& run, std::vector<Tree>& out) {
  const Goal goal = goal_of(setting, exponent);
  if (!finite(goal.values)) return;
  const Library columns = library(setting, goal);
  const bool plain = exponent == 1, positive = plain && setting.fit.positive;
  if (plain) {
    for (const Choice& c :
         best_of_each_degree(single_columns(columns, goal, positive), columns, kKeptSingles)) {
      out.push_back(tree_of(setting, columns, goal, {c.a}));
    }
  }
  std::vector<Choice> best = best_pairs(columns, goal, positive, run);
  best = best_of_each_degree(best, columns, plain ? kKeptPairs : kKeptPairs / 2);
  for (const Choice& pair : best) {
    Tree tree = tree_of(setting, columns, goal, {pair.a, pair.b});
    start_bracket(goal, columns, {pair.a, pair.b}, tree);
    out.push_back(std::move(tree));
  }
  const auto add = [&](const Library& from, const std::vector<std::vector<std::size_t>>& sums) {
    for (const std::vector<std::size_t>& sum : sums) {
      Tree tree = tree_of(setting, from, goal, sum);
      start_bracket(goal, from, sum, tree);
      out.push_back(std::move(tree));
    }
  };
  add(columns, longer_sums(columns, goal, best, run));
  if (setting.vocabulary.functions.empty()) return;  // what is known of serving needs no more
  const Library wide = library(setting, goal, true);
  add(wide, greedy_sums(wide, goal, run));
}

/// 0 sums, 1 products, 2 products of functions of the target, from 3 on sums inside a power.
constexpr double kPowers[] = {-1, 2, -2, 0.5, -0.5};
constexpr int kKinds = 3 + static_cast<int>(std::size(kPowers));
static_assert(kSeedStages == 2 * kKinds);

std::vector<Tree> of_kind(const Setting& setting, int kind, const RunOptions& run) {
  std::vector<Tree> out;
  const Sheet& sheet = setting.sheet;
  const Vocabulary& v = setting.vocabulary;
  const bool alone =
      v.parts.size() == 1 && sheet.direct() && sheet.given.empty() && sheet.multipliers[0].empty();
  if (kind == 0) {
    add_sums(setting, 1, run, out);
  } else if (kind < 3) {
    if (alone) add_log_seeds(setting, kind == 2, run, out);
  } else if (alone) {
    const double exponent = kPowers[kind - 3];
    const bool root = std::fabs(exponent) == 2, power = std::fabs(exponent) == 0.5;
    const bool allowed = (exponent > 0 || v.quotients) && (!root || v.roots) && (!power || v.powers);
    if (allowed) add_sums(setting, exponent, run, out);
  }
  return out;
}

}  // namespace

std::vector<Tree> seeds(const Setting& setting, const Problem& problem, int stage, const RunOptions& run) {
  // Kinds in turn, the whole before what is left of it.
  static constexpr int kOrder[kKinds] = {0, 1, 3, 4, 2, 5, 6, 7};
  const int kind = kOrder[stage / 2];
  if (stage % 2 == 0) return of_kind(setting, kind, run);
  if (setting.vocabulary.parts.size() > 1 || !problem.shares.empty() || !problem.form.empty()) return {};
  std::vector<Tree> out;
  const auto add = [&](const std::unique_ptr<Peel>& peel) {
    if (!peel) return;
    for (Tree& tree : of_kind(peel->setting(), kind, run)) out.push_back(peel->put_back(std::move(tree)));
  };
  if (kind == 2) {  // instead of views, what is left by each of the factors that explain most
    for (const Factor& f : leading_factors(setting, run)) {
      const std::unique_ptr<Peel> peel = Peel::by({f}, setting, problem);
      if (!peel) continue;
      std::vector<Tree> sums;
      add_sums(peel->setting(), 1, run, sums);
      for (Tree& tree : sums) out.push_back(peel->put_back(std::move(tree)));
    }
  }
  add(Peel::of(setting, problem));
  return out;
}

}  // namespace energylens::search
