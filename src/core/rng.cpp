// SPDX-License-Identifier: Apache-2.0
#include "energylens/core/rng.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace energylens {
namespace {

constexpr std::uint64_t kGoldenGamma = 0x9E3779B97F4A7C15ull;

std::uint64_t mix(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t splitmix64(std::uint64_t x) noexcept {
  return mix(x + kGoldenGamma);
}

std::vector<std::size_t> shuffled_order(std::uint64_t seed, std::size_t n) {
  const std::uint64_t base = splitmix64(seed);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [base](std::size_t a, std::size_t b) {
    return splitmix64(base + a) < splitmix64(base + b);
  });
  return order;
}

Rng::result_type Rng::operator()() noexcept {
  state_ += kGoldenGamma;
  return mix(state_);
}

double Rng::uniform() noexcept {
  return static_cast<double>((*this)() >> 11) * 0x1.0p-53;
}

double Rng::normal() noexcept {
  const double radius = std::sqrt(-2 * std::log1p(-uniform()));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

std::size_t Rng::below(std::size_t n) noexcept {
  assert(n > 0);
  return std::min(n - 1, static_cast<std::size_t>(uniform() * static_cast<double>(n)));
}

}  // namespace energylens
