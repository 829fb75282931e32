// SPDX-License-Identifier: Apache-2.0
// seeds.cpp: exhaustive search of small sums. Every product of inputs with the right dims is a column. The
// least squares of all single columns and all pairs follow from their inner products, so a few million pairs
// take about a second. With the target raised to a power, this finds (x + y)^e. Where units are on,
// dimensional analysis (Buckingham 1914) keeps the list of products short. Tested by
// tests/search/generate/seeds_test.cpp.
#include "search/generate/seeds.hpp"

#include <cmath>
#include <map>

#include "search/fit/dot.hpp"
#include "search/fit/small_linear.hpp"
#include "search/generate/log_seeds.hpp"
#include "search/generate/separability.hpp"
#include "search/generate/sums.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kKeptSingles = 120, kKeptPairs = 160;

/// The chosen terms as a tree. If the goal is a power of the target, they are inside a bracket.
Tree tree_of(const SearchContext& context, const Library& library, const Goal& goal,
             std::vector<std::size_t> chosen) {
  Tree tree;
  tree.parts.resize(context.primitives.parts.size());
  for (const std::size_t c : chosen) tree.parts[library.part[c]].push_back(library.terms[c]);
  if (goal.exponent == 1) return tree;
  Factor f;
  f.kind = Factor::Kind::bracket;
  f.exponent = 1 / goal.exponent;
  f.argument = std::move(tree.parts[0]);
  tree.parts[0] = {Term{1, true, {std::move(f)}}};
  return tree;
}

/// Sets the numbers in the bracket to the coefficients of the least-squares solution, where the fit will
/// start.
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

/// The first `kept` choices of all, and the first quarter as many of each whole degree.
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

void add_trees(const SearchContext& context, const Goal& goal, const Library& from,
               const std::vector<std::vector<std::size_t>>& sums, std::vector<Tree>& out) {
  for (const std::vector<std::size_t>& sum : sums) {
    Tree tree = tree_of(context, from, goal, sum);
    start_bracket(goal, from, sum, tree);
    out.push_back(std::move(tree));
  }
}

/// Adds short sums again with fitted exponents: the exponents of columns are multiples of 1/2, those of laws
/// seldom are.
void add_freed_sums(const SearchContext& context, const Goal& goal, const Library& from,
                    const std::vector<std::vector<std::size_t>>& sums, std::vector<Tree>& out) {
  constexpr std::size_t kMostTerms = 5;
  for (const std::vector<std::size_t>& sum : sums) {
    if (sum.size() > kMostTerms) continue;
    Tree tree = tree_of(context, from, goal, sum);
    std::size_t freed = 0;
    for (Sum& part : tree.parts) freed += free_exponents(part, context.primitives);
    if (freed > 0) out.push_back(std::move(tree));
  }
}

/// Adds sums of products with brackets and functions.
void add_wide_sums(const SearchContext& context, double exponent, const RunOptions& run,
                   std::vector<Tree>& out) {
  const Goal goal = goal_of(context, exponent);
  if (!finite(goal.values) || context.primitives.functions.empty()) return;
  const Library wide = library(context, goal, true);
  add_trees(context, goal, wide, greedy_sums(wide, goal, run), out);
}

void add_sums(const SearchContext& context, double exponent, const RunOptions& run, std::vector<Tree>& out) {
  const Goal goal = goal_of(context, exponent);
  if (!finite(goal.values)) return;
  const Library columns = library(context, goal);
  const bool plain = exponent == 1, positive = plain && context.fit.positive;
  if (plain) {
    for (const Choice& c :
         best_of_each_degree(single_columns(columns, goal, positive), columns, kKeptSingles)) {
      out.push_back(tree_of(context, columns, goal, {c.a}));
    }
  }
  std::vector<Choice> best = best_pairs(columns, goal, positive, run);
  best = best_of_each_degree(best, columns, plain ? kKeptPairs : kKeptPairs / 2);
  for (const Choice& pair : best) {
    Tree tree = tree_of(context, columns, goal, {pair.a, pair.b});
    start_bracket(goal, columns, {pair.a, pair.b}, tree);
    out.push_back(std::move(tree));
  }
  const std::vector<std::vector<std::size_t>> longer = longer_sums(columns, goal, best, run);
  add_trees(context, goal, columns, longer, out);
  if (plain && context.primitives.real_exponents) add_freed_sums(context, goal, columns, longer, out);
}

enum class SeedShape { products, transformed, sums, wide };
/// What a stage looks for, and for sums the power of the target.
struct SeedKind {
  SeedShape shape;
  double power = 1;
};
constexpr SeedKind kKinds[] = {{SeedShape::sums},     {SeedShape::products},  {SeedShape::sums, -1},
                               {SeedShape::sums, 2},  {SeedShape::sums, -2},  {SeedShape::transformed},
                               {SeedShape::wide},     {SeedShape::sums, 0.5}, {SeedShape::sums, -0.5},
                               {SeedShape::wide, -1}, {SeedShape::wide, 2},   {SeedShape::wide, -2}};
static_assert(kSeedStages == 2 * std::size(kKinds));

/// Whether (...)^(1/power) may be written.
bool writable(double power, const PrimitiveSet& primitives) {
  const bool root = std::fabs(power) == 2, whole = std::fabs(power) == 0.5;
  return (power > 0 || primitives.quotients) && (!root || primitives.roots) && (!whole || primitives.powers);
}

std::vector<Tree> of_kind(const SearchContext& context, const SeedKind& kind, const RunOptions& run) {
  std::vector<Tree> out;
  const Dataset& dataset = context.dataset;
  const PrimitiveSet& primitives = context.primitives;
  const bool alone = primitives.parts.size() == 1 && dataset.direct() && dataset.given.empty() &&
                     dataset.multipliers[0].empty();
  const bool plain_sums = kind.shape == SeedShape::sums && kind.power == 1;
  if ((!alone && !plain_sums) || !writable(kind.power, primitives)) return out;
  switch (kind.shape) {
    case SeedShape::products:
    case SeedShape::transformed:
      add_log_seeds(context, kind.shape == SeedShape::transformed, run, out);
      break;
    case SeedShape::sums:
      add_sums(context, kind.power, run, out);
      break;
    case SeedShape::wide:
      add_wide_sums(context, kind.power, run, out);
      break;
  }
  return out;
}

/// Adds sums for the target divided by each of the factors that explain most.
void add_divided(const SearchContext& context, const Problem& problem, const RunOptions& run,
                 std::vector<Tree>& out) {
  for (const Factor& f : leading_factors(context, run)) {
    const std::unique_ptr<SeparatedProblem> separated = SeparatedProblem::divide({f}, context, problem);
    if (!separated) continue;
    std::vector<Tree> sums;
    add_sums(separated->context(), 1, run, sums);
    for (Tree& tree : sums) out.push_back(separated->restore(std::move(tree)));
  }
}

std::vector<Tree> all_seeds(const SearchContext& context, const Problem& problem, int stage,
                            const RunOptions& run) {
  const SeedKind& kind = kKinds[stage / 2];
  if (stage % 2 == 0) return of_kind(context, kind, run);
  std::vector<Tree> out;
  if (context.primitives.parts.size() > 1 || !problem.shares.empty() || !problem.form.empty()) return out;
  if (kind.shape == SeedShape::wide && kind.power == 1) add_divided(context, problem, run, out);
  const std::unique_ptr<SeparatedProblem> separated = SeparatedProblem::find(context, problem);
  if (!separated) return out;
  for (Tree& tree : of_kind(separated->context(), kind, run))
    out.push_back(separated->restore(std::move(tree)));
  return out;
}

}  // namespace

/// Terms with coefficients of different units may be added up, but not inside a bracket. So trees are
/// dropped here that a transformed target led to and that are not well typed.
std::vector<Tree> seeds(const SearchContext& context, const Problem& problem, int stage,
                        const RunOptions& run) {
  std::vector<Tree> out = all_seeds(context, problem, stage, run);
  std::erase_if(out, [&](const Tree& tree) { return !typed(tree, context.primitives); });
  return out;
}

}  // namespace energylens::search
