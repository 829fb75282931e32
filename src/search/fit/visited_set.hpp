// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

namespace energylens::search {

/// The structures that were fitted: a hash set of fixed size that forgets the older of two hashes that need
/// the same slot.
class VisitedSet {
 public:
  explicit VisitedSet(std::size_t slots = std::size_t{1} << 17) : slots_(slots, 0) {}
  /// Stores the hash. Returns true if it is new (or forgotten).
  bool insert(std::uint64_t hash) {
    std::uint64_t& slot = slots_[hash % slots_.size()];
    if (slot == hash) return false;
    slot = hash;
    return true;
  }
  /// The hashes that it holds; inserting them into an empty set gives this set again.
  std::vector<std::uint64_t> hashes() const {
    std::vector<std::uint64_t> out;
    std::copy_if(slots_.begin(), slots_.end(), std::back_inserter(out),
                 [](std::uint64_t hash) { return hash != 0; });
    return out;
  }
  std::size_t slots() const { return slots_.size(); }
  void clear() { std::fill(slots_.begin(), slots_.end(), 0); }

 private:
  std::vector<std::uint64_t> slots_;
};

}  // namespace energylens::search
