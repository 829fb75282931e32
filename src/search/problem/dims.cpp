// SPDX-License-Identifier: Apache-2.0
#include "search/problem/dims.hpp"

#include <cmath>

#include "energylens/core/rng.hpp"

namespace energylens::search {
namespace {

constexpr double kParts = 5040;

}  // namespace

Dims dims_of(const Unit& unit) {
  Dims dims;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    dims.n[i] = static_cast<std::int32_t>(std::lround(unit.exponent(static_cast<Dimension>(i)) * kParts));
  }
  return dims;
}

Unit unit_of(const Dims& dims) {
  Unit unit;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    if (dims.n[i] != 0) unit = unit * power(Unit::base(static_cast<Dimension>(i)), dims.n[i] / kParts);
  }
  return unit;
}

std::optional<Dims> raised(const Dims& dims, double exponent) {
  Dims out;
  for (std::size_t i = 0; i < kDimensions; ++i) {
    const double n = dims.n[i] * exponent, whole = std::round(n);
    if (std::fabs(n - whole) > 1e-6 || std::fabs(whole) > 1e8) return std::nullopt;
    out.n[i] = static_cast<std::int32_t>(whole);
  }
  return out;
}

std::size_t DimsHash::operator()(const Dims& dims) const noexcept {
  std::uint64_t hash = 0;
  for (const std::int32_t n : dims.n) hash = splitmix64(hash ^ static_cast<std::uint32_t>(n));
  return hash;
}

}  // namespace energylens::search
