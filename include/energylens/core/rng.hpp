// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace energylens {

/// One step of SplitMix64 as a hash of `x` (Steele, Lea, Flood 2014): adds the golden gamma, then mixes.
std::uint64_t splitmix64(std::uint64_t x) noexcept;

/// The random order behind every evaluation protocol, simple enough to reproduce in any language: indices 0..n-1
/// sorted by splitmix64(splitmix64(seed) + index), ties by index.
std::vector<std::size_t> shuffled_order(std::uint64_t seed, std::size_t n);

/// SplitMix64 as a random stream. Same seed, same numbers on every platform.
class Rng {
 public:
  using result_type = std::uint64_t;
  explicit Rng(std::uint64_t seed) noexcept : state_(seed) {}

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() noexcept;

  double uniform() noexcept;  ///< in [0, 1)
  double normal() noexcept;   ///< mean 0, standard deviation 1 (Box-Muller)
  /// An index in [0, n). Requires: n > 0.
  std::size_t below(std::size_t n) noexcept;

 private:
  std::uint64_t state_;
};

}  // namespace energylens
