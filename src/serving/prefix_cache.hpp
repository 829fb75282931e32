// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>

#include "energylens/core/number_text.hpp"

namespace energylens::serving {

/// The blocks of prompts that a cache keeps; the least recently used leave first. A hash stands for its block and all blocks
/// before it.
class PrefixCache {
 public:
  /// Unknown: keeps everything.
  explicit PrefixCache(double blocks) : blocks_(known(blocks) ? blocks : 1e18) {}

  /// How many blocks at the front of a prompt are kept; from now on all of them are.
  std::size_t look_up(std::span<const std::int64_t> hashes) {
    const auto missing = std::ranges::find_if_not(hashes, [this](auto hash) { return kept_.contains(hash); });
    const auto found = static_cast<std::size_t>(missing - hashes.begin());
    // The front is used last, so that the end of a prompt leaves before its front does.
    for (std::size_t i = hashes.size(); i > 0; --i) use(hashes[i - 1]);
    return found;
  }

 private:
  void use(std::int64_t hash) {
    if (const auto at = kept_.find(hash); at != kept_.end()) {
      by_use_.splice(by_use_.begin(), by_use_, at->second);
      return;
    }
    if (blocks_ < 1) return;
    by_use_.push_front(hash);
    kept_[hash] = by_use_.begin();
    if (static_cast<double>(kept_.size()) <= blocks_) return;
    kept_.erase(by_use_.back());
    by_use_.pop_back();
  }

  double blocks_;
  std::list<std::int64_t> by_use_;
  std::unordered_map<std::int64_t, std::list<std::int64_t>::iterator> kept_;
};

}  // namespace energylens::serving
