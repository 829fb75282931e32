// SPDX-License-Identifier: Apache-2.0
// log_seeds.cpp: products found by linear least squares of logarithms. In
//     ln z = ln c + a_1 ln x_1 + ... + e ln F
// the exponents of any bracket or function F follow from least squares. So thousands of F are compared by one
// inner product each, and pairs of them by a system of two equations; the best pairs are extended by a third
// and a fourth factor. z is the target or a transformation of it. Cost: about a million pairs of columns of
// at most 256 rows. Tested by tests/search/generate/log_seeds_test.cpp.
#include "search/generate/log_seeds.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "search/fit/dot.hpp"
#include "search/generate/log_products.hpp"

namespace energylens::search {
namespace {

constexpr std::size_t kInPairs = 1100, kBestSingles = 60, kBestPairs = 60, kExtended = 12;

/// Two candidates, how much they explain together, and their exponents.
struct CandidatePair {
  double explained;
  std::size_t a, b;
  double x, y;
};

bool explains_more(const CandidatePair& p, const CandidatePair& q) {
  return std::tuple(-p.explained, p.a, p.b) < std::tuple(-q.explained, q.a, q.b);
}

void add_singles(const LogProblem& problem, const std::vector<LogCandidate>& candidates,
                 std::vector<Tree>& out) {
  const std::vector<RankedCandidate> order = ranked(problem, candidates);
  const std::size_t enough = out.size() + 2 * kBestSingles;
  for (std::size_t i = 0; i < std::min(5 * kBestSingles, order.size()) && out.size() < enough; ++i) {
    const LogCandidate& c = candidates[order[i].candidate];
    add_product(problem, {{&c}, {dot(c.rest, problem.rest) / dot(c.rest, c.rest)}}, out);
  }
}

/// The candidates whose pairs are tried: those of lowest degree, and those that explain most alone.
std::vector<std::size_t> paired_candidates(const LogProblem& problem,
                                           const std::vector<LogCandidate>& candidates) {
  const std::size_t lowest = std::min(kInPairs / 2, candidates.size());
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < lowest; ++c) out.push_back(c);
  for (const RankedCandidate& r : ranked(problem, candidates)) {
    if (out.size() == lowest + kInPairs / 2) break;
    if (r.candidate >= lowest) out.push_back(r.candidate);
  }
  return out;
}

/// The four best partners of which[i] among those after it.
std::vector<CandidatePair> best_partners(const std::vector<LogCandidate>& candidates,
                                         const std::vector<std::size_t>& which, std::size_t i,
                                         const std::vector<double>& squares,
                                         const std::vector<double>& products) {
  constexpr std::size_t kPartners = 4;
  std::vector<CandidatePair> out;
  const LogCandidate& a = candidates[which[i]];
  for (std::size_t j = i + 1; j < which.size(); ++j) {
    const LogCandidate& b = candidates[which[j]];
    const double ab = dot(a.rest, b.rest);
    const double determinant = squares[i] * squares[j] - ab * ab;
    if (!(determinant > 1e-8 * squares[i] * squares[j])) continue;
    const double x = (products[i] * squares[j] - products[j] * ab) / determinant;
    const double y = (products[j] * squares[i] - products[i] * ab) / determinant;
    const CandidatePair pair{x * products[i] + y * products[j], which[i], which[j], x, y};
    if (out.size() == kPartners && !explains_more(pair, out.back())) continue;
    out.insert(std::lower_bound(out.begin(), out.end(), pair, explains_more), pair);
    if (out.size() > kPartners) out.pop_back();
  }
  return out;
}

std::vector<CandidatePair> best_pairs(const LogProblem& problem, const std::vector<LogCandidate>& candidates,
                                      const RunOptions& run) {
  const std::vector<std::size_t> which = paired_candidates(problem, candidates);
  std::vector<double> squares, products;
  for (const std::size_t c : which) {
    squares.push_back(dot(candidates[c].rest, candidates[c].rest));
    products.push_back(dot(candidates[c].rest, problem.rest));
  }
  std::vector<std::vector<CandidatePair>> found(which.size());
  parallel_for(which.size(), run,
               [&](std::size_t i) { found[i] = best_partners(candidates, which, i, squares, products); });
  std::vector<CandidatePair> all;
  for (const std::vector<CandidatePair>& some : found) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end(), explains_more);
  return all;
}

/// The candidate that explains most of what the factors leave; the number of candidates if there is none.
std::size_t best_addition(const LogProblem& problem, const std::vector<LogCandidate>& candidates,
                          const LogBasis& of_factors) {
  std::vector<double> left = problem.rest;
  of_factors.project(left, nullptr);
  double most = 0;
  std::size_t best = candidates.size();
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    std::vector<double> column = candidates[c].rest;
    const double before = dot(column, column), product = dot(column, left);
    if (product * product / before < 0.5 * most) continue;  // projecting it only makes it shorter
    of_factors.project(column, nullptr);
    const double after = dot(column, column);
    if (after > 1e-6 * before && product * product / after > most) {
      most = product * product / after;
      best = c;
    }
  }
  return best;
}

/// Adds a third and a fourth factor to a pair.
void extend(const LogProblem& problem, const std::vector<LogCandidate>& candidates, const CandidatePair& pair,
            std::vector<Tree>& out) {
  std::vector<std::size_t> with{pair.a, pair.b};
  for (int more = 0; more < 2; ++more) {
    LogBasis of_factors;
    for (const std::size_t c : with) of_factors.add(candidates[c].rest);
    const std::size_t best = best_addition(problem, candidates, of_factors);
    if (best == candidates.size()) return;
    with.push_back(best);
    of_factors.add(candidates[best].rest);
    std::vector<double> shares, goal = problem.rest;
    of_factors.project(goal, &shares);
    LogProduct product{{}, of_factors.solve(shares)};
    for (const std::size_t c : with) product.factors.push_back(&candidates[c]);
    add_product(problem, product, out);
  }
}

void add_pairs(const LogProblem& problem, const std::vector<LogCandidate>& candidates, const RunOptions& run,
               std::vector<Tree>& out) {
  const std::vector<CandidatePair> pairs = best_pairs(problem, candidates, run);
  for (std::size_t i = 0; i < std::min(kBestPairs, pairs.size()); ++i)
    add_product(problem, {{&candidates[pairs[i].a], &candidates[pairs[i].b]}, {pairs[i].x, pairs[i].y}}, out);
  for (std::size_t i = 0; i < std::min(kExtended, pairs.size()); ++i)
    extend(problem, candidates, pairs[i], out);
}

}  // namespace

std::vector<Factor> leading_factors(const SearchContext& context, const RunOptions& run) {
  constexpr std::size_t kFew = 3, kLookedAt = 40;
  const LogProblem problem(context, TargetTransformation{});
  std::vector<Factor> out;
  if (!problem.solvable()) return out;
  const std::vector<LogCandidate> candidates = log_candidates(problem, run);
  const std::vector<RankedCandidate> order = ranked(problem, candidates);
  for (std::size_t i = 0; i < std::min(kLookedAt, order.size()) && out.size() < kFew; ++i) {
    const LogCandidate& c = candidates[order[i].candidate];
    const double e = nearest_half(dot(c.rest, problem.rest) / dot(c.rest, c.rest));
    const bool usable = c.factor.kind == Factor::Kind::function && !is_exponential(c.factor);
    if (usable && e != 0 && std::fabs(e) <= 4 && std::nearbyint(e) == e)
      out.push_back(to_power(c.factor, e, false));
  }
  return out;
}

void add_log_seeds(const SearchContext& context, bool transformed, const RunOptions& run,
                   std::vector<Tree>& out) {
  const std::vector<TargetTransformation> all =
      transformed ? target_transformations(context)
                  : std::vector<TargetTransformation>{TargetTransformation{}};
  for (const TargetTransformation& transformation : all) {
    if (run.cancel && run.cancel->cancelled()) return;
    const LogProblem problem(context, transformation);
    if (!problem.solvable()) continue;
    if (!problem.mixed_signs) add_product(problem, {}, out);
    const std::vector<LogCandidate> candidates = log_candidates(problem, run);
    add_singles(problem, candidates, out);
    add_pairs(problem, candidates, run, out);
  }
}

}  // namespace energylens::search
