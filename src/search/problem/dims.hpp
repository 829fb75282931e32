// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "energylens/core/unit.hpp"

namespace energylens::search {

/// The dimensions of a unit, as multiples of 1/5040: products are sums, and comparing is exact and fast. If
/// units are off, everything is dimensionless.
struct Dims {
  std::array<std::int32_t, kDimensions> n{};

  bool none() const { return *this == Dims(); }
  friend bool operator==(const Dims&, const Dims&) = default;
  friend auto operator<=>(const Dims&, const Dims&) = default;
  friend Dims operator+(Dims a, const Dims& b) {
    for (std::size_t i = 0; i < kDimensions; ++i) a.n[i] += b.n[i];
    return a;
  }
  friend Dims operator-(Dims a, const Dims& b) {
    for (std::size_t i = 0; i < kDimensions; ++i) a.n[i] -= b.n[i];
    return a;
  }
};

Dims dims_of(const Unit& unit);
Unit unit_of(const Dims& dims);
/// The dims of x^exponent for an x of `dims`; nothing if a dimension is not a multiple of 1/5040.
std::optional<Dims> raised(const Dims& dims, double exponent);

struct DimsHash {
  std::size_t operator()(const Dims& dims) const noexcept;
};

}  // namespace energylens::search
