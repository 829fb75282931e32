// SPDX-License-Identifier: Apache-2.0
// island.cpp: evolution on one island. The complexity of a parent is drawn first, then the parent, so that
// short and long formulas have as many offspring and the whole front advances (quality diversity: Mouret and
// Clune 2015, with complexity as the only descriptor). A child replaces the worst formula of its complexity.
// Most children are mutations; some are their parent plus the one random term, out of several, that reduces
// the squared error most. Tested by tests/search/evolve/search_test.cpp.
#include "search/evolve/island.hpp"

#include <algorithm>
#include <cmath>

#include "search/generate/grow.hpp"
#include "search/generate/mutation.hpp"

namespace energylens::search {
namespace {

constexpr int kMostIdleCycles = 4;

/// How much the squared error falls if the column is added to the model, with a coefficient per group.
double reduction_by(const std::vector<double>& column, const std::vector<double>& model,
                    const Dataset& dataset) {
  double reduction = 0;
  for (std::size_t g = 0; g < dataset.groups; ++g) {
    double xx = 0, xr = 0;
    for (std::size_t r = dataset.group_begin[g]; r < dataset.group_begin[g + 1]; ++r) {
      const double w = dataset.weight[r] * dataset.scale[r] * dataset.scale[r];
      xx += w * column[r] * column[r];
      xr += w * column[r] * (dataset.target[r] - model[r]);
    }
    if (xx > 0) reduction += xr * xr / xx;
  }
  return reduction;
}

}  // namespace

Island::Island(const SearchContext& context, std::uint64_t seed)
    : context_(context),
      random_(splitmix64(seed)),
      evaluator_(context),
      buckets_(static_cast<std::size_t>(context.primitives.max_complexity) + 1) {}

void Island::admit(const Member& member) {
  const auto place = static_cast<std::size_t>(member.complexity);
  std::vector<Member>& bucket = buckets_[place];
  const auto at = std::lower_bound(bucket.begin(), bucket.end(), member,
                                   [](const Member& a, const Member& b) { return a.loss() < b.loss(); });
  // Formulas of equal loss are taken to be the same function.
  const auto alike = [&](const Member& other) {
    return std::fabs(other.loss() - member.loss()) <= 1e-9 * member.loss();
  };
  if ((at != bucket.end() && alike(*at)) || (at != bucket.begin() && alike(*(at - 1)))) return;
  if (bucket.size() == context_.options.bucket && at == bucket.end()) return;
  const auto worse = [&](const std::vector<Member>& simpler) {
    return simpler.empty() || simpler.front().loss() > member.loss();
  };
  const auto end = buckets_.begin() + static_cast<std::ptrdiff_t>(place) + 1;
  if (std::all_of(buckets_.begin(), end, worse)) improved_ = true;
  bucket.insert(at, member);
  if (bucket.size() > context_.options.bucket) bucket.pop_back();
}

/// Half of the time only complexities on the front are considered. Among the members of the complexity,
/// better ones are likelier.
const Member* Island::choose_parent(Rng& rng) const {
  std::vector<const std::vector<Member>*> filled;
  double least = std::numeric_limits<double>::infinity();
  const bool of_front = rng.below(2) == 0;
  for (const std::vector<Member>& bucket : buckets_) {
    if (bucket.empty() || (of_front && !(bucket.front().loss() < least))) continue;
    least = std::min(least, bucket.front().loss());
    filled.push_back(&bucket);
  }
  if (filled.empty()) return nullptr;
  const std::vector<Member>& bucket = *filled[rng.below(filled.size())];
  return &bucket[std::min(rng.below(bucket.size()), rng.below(bucket.size()))];
}

/// The member plus the one of several random terms that reduces its squared error most.
Tree Island::with_best_term(const Member& member, Rng& rng) const {
  constexpr int kTerms = 12;
  const Dataset& dataset = context_.dataset;
  Tree tree = member.tree;
  const std::vector<double> model = predict_rows(tree, member.fitted, dataset);
  Scratch scratch;
  TermEvaluator evaluator(dataset, scratch);
  Grower grower(context_.primitives, rng);
  std::vector<double> points(dataset.points), column(dataset.rows);
  double best = -1;
  std::optional<Term> chosen;
  std::size_t chosen_part = 0;
  for (int i = 0; i < kTerms; ++i) {
    const std::size_t part = rng.below(tree.parts.size());
    std::optional<Term> term = grower.whole_term(part);
    if (!term) continue;
    evaluator.term(*term, points.data(), nullptr);
    for (std::size_t p = 0; p < dataset.multipliers[part].size(); ++p)
      points[p] *= dataset.multipliers[part][p];
    dataset.add_up(points.data(), column.data());
    const double reduction = reduction_by(column, model, dataset);
    if (std::isfinite(reduction) && reduction > best) {
      best = reduction;
      chosen = std::move(term);
      chosen_part = part;
    }
  }
  if (chosen) tree.parts[chosen_part].push_back(*std::move(chosen));
  return tree;
}

Tree Island::offspring(Rng& rng) const {
  const Member* const first = choose_parent(rng);
  if (!first || rng.below(50) == 0) {
    Grower grower(context_.primitives, rng);
    Tree tree;
    for (std::size_t p = 0; p < context_.primitives.parts.size(); ++p) tree.parts.push_back(grower.part(p));
    return tree;
  }
  if (rng.below(8) == 0) return with_best_term(*first, rng);
  const Member* const second = choose_parent(rng);
  return mutated(first->tree, second->tree, context_.primitives, rng);
}

void Island::run(std::uint64_t evaluations, const std::function<bool()>& stop) {
  Rng rng(random_);
  const std::uint64_t until = evaluator_.evaluations() + evaluations;
  // Where all small formulas have been visited, a new one may take very many attempts.
  std::uint64_t attempts = 40 * evaluations + 1000;
  while (evaluator_.evaluations() < until && attempts-- > 0) {
    if (attempts % 16 == 0 && stop()) break;
    if (std::optional<Member> member = evaluator_.evaluate(offspring(rng), &visited_)) {
      admit(*member);
      migrants_.admit(*member);
    }
  }
  random_ = rng();
}

void Island::begin_cycle() {
  visited_.clear();
  idle_cycles_ = improved_ ? 0 : idle_cycles_ + 1;
  improved_ = false;
  if (idle_cycles_ < kMostIdleCycles) return;
  idle_cycles_ = 0;
  for (std::vector<Member>& bucket : buckets_) bucket.clear();
}

Island::State Island::state() const {
  State out{random_, idle_cycles_, improved_, {}, visited_.hashes()};
  for (const std::vector<Member>& bucket : buckets_)
    out.members.insert(out.members.end(), bucket.begin(), bucket.end());
  return out;
}

void Island::restore(const State& state) {
  random_ = state.random;
  // Not by admit: the members were admitted one after the other, and each is there now because it was.
  for (const Member& member : state.members)
    buckets_[static_cast<std::size_t>(member.complexity)].push_back(member);
  improved_ = state.improved;
  idle_cycles_ = state.idle_cycles;
  for (const std::uint64_t hash : state.visited) visited_.insert(hash);
}

}  // namespace energylens::search
