// SPDX-License-Identifier: Apache-2.0
// Tested by tests/search/evolve/budget_test.cpp.
#include "search/evolve/budget.hpp"

#include <algorithm>
#include <ctime>

#include "search/evolve/search_steps.hpp"

namespace energylens::search {
namespace {

constexpr std::uint64_t kReserve = 32;  // one part in 32 of each limit is reserved

}  // namespace

Budget::Budget(const Options& options)
    : options_(options), began_(std::chrono::steady_clock::now()), processor_began_(processor_seconds()) {}

double Budget::seconds() const {
  if (options_.processor_time) return earlier_seconds_ + processor_seconds() - processor_began_;
  return earlier_seconds_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
}

double Budget::processor_seconds() const {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC / std::max(1, options_.threads);
}

bool Budget::out_of_time() const {
  const double share = reserved_ ? 1 - 1.0 / kReserve : 1;
  return seconds() >= share * options_.time_limit_s;
}

std::uint64_t Budget::evaluations_left(std::uint64_t done) const {
  if (options_.evaluations == 0) return ~std::uint64_t{0};
  const std::uint64_t reserve = reserved_ ? options_.evaluations / kReserve : 0;
  const std::uint64_t limit = options_.evaluations - (reserve < kFewestEvaluations ? 0 : reserve);
  return limit > done ? limit - done : 0;
}

}  // namespace energylens::search
