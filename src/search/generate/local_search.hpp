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

/// Local search over a front: the neighbours of its formulas are tried systematically. A neighbour has a
/// term removed, two terms under one coefficient, a term of the library added or in place of another, a
/// given exponent fitted, or the reverse. Islands find some of these by chance only, so the front depends
/// less on the random seed.
class LocalSearch {
 public:
  /// Builds the library: products of inputs, and products with a sum of two inputs.
  LocalSearch(const SearchContext& context, const RunOptions& run);

  /// The untried neighbours of the members, at most `most`, taken from all members in turn, each starting
  /// with its likeliest ones. If there are none, the radius grows until there are, or the result is empty.
  /// Never returns a tree twice.
  std::vector<Tree> around(const std::vector<const Member*>& front, std::uint64_t most);

 private:
  std::vector<Tree> neighbours(const Member& member) const;
  std::vector<Tree> in_turn(std::vector<std::vector<Tree>> found, std::uint64_t most);

  const SearchContext& context_;
  RunOptions run_;
  Goal goal_;
  Library library_;
  int radius_ = 0;                                    // how far down the ranks columns are tried
  std::set<std::pair<std::uint64_t, int>> expanded_;  // structures, by radius
  std::unordered_set<std::uint64_t> tried_;           // structures
};

}  // namespace energylens::search
