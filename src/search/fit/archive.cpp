// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/front/front_test.cpp.
#include "search/fit/archive.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace energylens::search {

bool Archive::admit(const Member& member) {
  if (!std::isfinite(member.loss())) return false;
  const double place =
      std::round(member.complexity * 1e6) / 1e6;  // sums of operator costs have rounding errors
  const auto [at, first] = best_.try_emplace(place, member);
  if (!first) {
    if (!(measured(member) < measured(at->second))) return false;
    at->second = member;
  }
  return std::all_of(best_.begin(), at,
                     [&](const auto& simpler) { return simpler.second.loss() > member.loss(); });
}

std::vector<const Member*> Archive::front() const {
  std::vector<const Member*> out;
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [complexity, member] : best_) {
    if (!(member.loss() < least)) continue;
    least = member.loss();
    out.push_back(&member);
  }
  return out;
}

double Archive::least_loss() const {
  double least = std::numeric_limits<double>::infinity();
  for (const auto& [complexity, member] : best_) least = std::min(least, member.loss());
  return least;
}

}  // namespace energylens::search
