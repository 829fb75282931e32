// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "search/fit/archive.hpp"
#include "search/generate/library.hpp"

namespace energylens::search {

/// The formulas next to those of a front, looked at one and all: with a term left out, with two terms under
/// one coefficient, with a term of the library more or in place of another, with an exponent fitted that was
/// not, or the reverse. Islands meet these by chance, and some not at all; trying them when islands have done
/// their work makes the front depend less on the seed.
class LocalSearch {
 public:
  /// Makes the library: products, and products with a sum of two inputs.
  LocalSearch(const SearchContext& context, const RunOptions& run);

  /// The trees next to the members that have not been looked at yet, at most `most`; those of all members
  /// alike, each beginning with the likely ones. If that leaves none, those farther off. No tree twice. Empty
  /// if there are no more.
  std::vector<Tree> around(const std::vector<const Member*>& front, std::uint64_t most);

 private:
  std::vector<Tree> neighbours(const Member& member) const;
  std::vector<Tree> in_turn(std::vector<std::vector<Tree>> found, std::uint64_t most);

  const SearchContext& context_;
  RunOptions run_;
  Goal goal_;
  Library library_;
  int ring_ = 0;                                       // how far off neighbours may be
  std::set<std::pair<std::uint64_t, int>> looked_at_;  // structures, by ring
  std::unordered_set<std::uint64_t> tried_;            // structures
};

}  // namespace energylens::search
