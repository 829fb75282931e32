// SPDX-License-Identifier: Apache-2.0
// island.cpp: parents are drawn by complexity first, so that short and long formulas are bred alike and the
// front advances everywhere (quality diversity: Mouret and Clune 2015, with complexity as the one
// descriptor). A child replaces the worst of its complexity. Some children get the one term, of several
// grown, that fits best what the parent leaves. Held by tests/search/evolve/search_test.cpp.
#include "search/evolve/island.hpp"

#include <algorithm>
#include <cmath>

#include "search/generate/vary.hpp"

namespace energylens::search {
namespace {

constexpr int kMostIdleChapters = 4;

}  // namespace

Island::Island(const Setting& setting, std::uint64_t seed)
    : setting_(setting),
      random_(splitmix64(seed)),
      judge_(setting),
      buckets_(static_cast<std::size_t>(setting.vocabulary.max_complexity) + 1) {}

void Island::admit(const Member& member) {
  const auto place = static_cast<std::size_t>(member.complexity);
  std::vector<Member>& bucket = buckets_[place];
  const auto at = std::lower_bound(bucket.begin(), bucket.end(), member,
                                   [](const Member& a, const Member& b) { return a.loss() < b.loss(); });
  // Equal losses are one function in two guises.
  const auto alike = [&](const Member& other) {
    return std::fabs(other.loss() - member.loss()) <= 1e-9 * member.loss();
  };
  if ((at != bucket.end() && alike(*at)) || (at != bucket.begin() && alike(*(at - 1)))) return;
  if (bucket.size() == setting_.options.bucket && at == bucket.end()) return;
  const auto worse = [&](const std::vector<Member>& simpler) {
    return simpler.empty() || simpler.front().loss() > member.loss();
  };
  const auto end = buckets_.begin() + static_cast<std::ptrdiff_t>(place) + 1;
  if (std::all_of(buckets_.begin(), end, worse)) improved_ = true;
  bucket.insert(at, member);
  if (bucket.size() > setting_.options.bucket) bucket.pop_back();
}

const Member* Island::parent() {
  std::vector<const std::vector<Member>*> filled;
  double least = std::numeric_limits<double>::infinity();
  const bool of_front = rng_->below(2) == 0;
  for (const std::vector<Member>& bucket : buckets_) {
    if (bucket.empty() || (of_front && !(bucket.front().loss() < least))) continue;
    least = std::min(least, bucket.front().loss());
    filled.push_back(&bucket);
  }
  if (filled.empty()) return nullptr;
  const std::vector<Member>& bucket = *filled[rng_->below(filled.size())];
  return &bucket[std::min(rng_->below(bucket.size()), rng_->below(bucket.size()))];
}

/// The member and, of some random terms, the one that goes best with what it leaves of the target.
Tree Island::with_best_term(const Member& member) {
  constexpr int kTerms = 12;
  const Sheet& sheet = setting_.sheet;
  Tree tree = member.tree;
  const std::vector<double> model = judge_.fitter().predict(tree, member.fitted, sheet);
  Scratch scratch;
  Evaluator evaluator(sheet, scratch);
  Grower grower(setting_.vocabulary, *rng_);
  std::vector<double> points(sheet.points), column(sheet.rows);
  double best = -1;
  std::optional<Term> chosen;
  std::size_t chosen_part = 0;
  for (int i = 0; i < kTerms; ++i) {
    const std::size_t part = rng_->below(tree.parts.size());
    std::optional<Term> term = grower.whole_term(part);
    if (!term) continue;
    evaluator.term(*term, points.data(), nullptr);
    for (std::size_t p = 0; p < sheet.multipliers[part].size(); ++p) points[p] *= sheet.multipliers[part][p];
    sheet.add_up(points.data(), column.data());
    double gain = 0;
    for (std::size_t g = 0; g < sheet.groups; ++g) {
      double xx = 0, xr = 0;
      for (std::size_t r = sheet.group_begin[g]; r < sheet.group_begin[g + 1]; ++r) {
        const double w = sheet.weight[r] * sheet.scale[r] * sheet.scale[r];
        xx += w * column[r] * column[r];
        xr += w * column[r] * (sheet.target[r] - model[r]);
      }
      if (xx > 0) gain += xr * xr / xx;
    }
    if (std::isfinite(gain) && gain > best) {
      best = gain;
      chosen = std::move(term);
      chosen_part = part;
    }
  }
  if (chosen) tree.parts[chosen_part].push_back(*std::move(chosen));
  return tree;
}

Tree Island::offspring() {
  const Member* const first = parent();
  if (!first || rng_->below(50) == 0) {
    Grower grower(setting_.vocabulary, *rng_);
    Tree tree;
    for (std::size_t p = 0; p < setting_.vocabulary.parts.size(); ++p) tree.parts.push_back(grower.part(p));
    return tree;
  }
  if (rng_->below(8) == 0) return with_best_term(*first);
  const Member* const mate = parent();
  return varied(first->tree, mate->tree, setting_.vocabulary, *rng_);
}

void Island::run(std::uint64_t evaluations, const std::function<bool()>& stop) {
  Rng rng(random_);
  rng_ = &rng;
  const std::uint64_t until = judge_.evaluations() + evaluations;
  // Where all small formulas have been seen, nothing new may come for long.
  std::uint64_t attempts = 40 * evaluations + 1000;
  while (judge_.evaluations() < until && attempts-- > 0) {
    if (attempts % 16 == 0 && stop()) break;
    if (std::optional<Member> member = judge_.judge(offspring(), &seen_)) {
      admit(*member);
      news_.admit(*member);
    }
  }
  random_ = rng();
  rng_ = nullptr;
}

void Island::begin_chapter() {
  seen_.clear();
  idle_chapters_ = improved_ ? 0 : idle_chapters_ + 1;
  improved_ = false;
  if (idle_chapters_ < kMostIdleChapters) return;
  idle_chapters_ = 0;
  for (std::vector<Member>& bucket : buckets_) bucket.clear();
}

Island::State Island::state() const {
  State out{random_, idle_chapters_, {}};
  for (const std::vector<Member>& bucket : buckets_)
    out.members.insert(out.members.end(), bucket.begin(), bucket.end());
  return out;
}

void Island::restore(const State& state) {
  random_ = state.random;
  for (const Member& member : state.members) admit(member);
  improved_ = false;
  idle_chapters_ = state.idle_chapters;
}

}  // namespace energylens::search
