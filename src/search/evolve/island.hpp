// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "energylens/core/rng.hpp"
#include "search/fit/judge.hpp"
#include "search/generate/grow.hpp"

namespace energylens::search {

/// One population: the best few formulas of each complexity. Runs alone between exchanges; what it does
/// follows from its random stream and what it was given.
class Island {
 public:
  Island(const Setting& setting, std::uint64_t seed);

  /// Takes a member in, if it is among the best of its complexity.
  void admit(const Member& member);
  /// Varies until about `evaluations` more formulas were fitted; `stop` ends it early.
  void run(std::uint64_t evaluations, const std::function<bool()>& stop);
  /// Forgets which structures were fitted; empties the population if it stands still. Between chapters.
  void begin_chapter();

  Archive& news() { return news_; }  ///< what was found since it was last taken
  const std::vector<std::vector<Member>>& buckets() const { return buckets_; }
  Judge& judge() { return judge_; }

  /// For checkpoints: all that the future of the island follows from, at the begin of a chapter.
  struct State {
    std::uint64_t random = 0;
    int idle_chapters = 0;
    std::vector<Member> members;
  };
  State state() const;
  void restore(const State& state);

 private:
  const Member* parent();
  Tree offspring();
  Tree with_best_term(const Member& member);

  const Setting& setting_;
  std::uint64_t random_;  // state of the stream between runs
  Judge judge_;
  Seen seen_;
  Archive news_;
  std::vector<std::vector<Member>> buckets_;  // by whole complexity, each by rising loss
  int idle_chapters_ = 0;
  bool improved_ = false;
  Rng* rng_ = nullptr;  // while running
};

}  // namespace energylens::search
