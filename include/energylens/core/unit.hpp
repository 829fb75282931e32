// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace energylens {

/// The base dimensions. Counts of tokens, requests and GPUs are dimensions too, for formulas whose counts are to be
/// checked.
enum class Dimension : std::size_t { joule, second, byte, flop, token, request, gpu };
inline constexpr std::size_t kDimensions = 7;

/// A physical dimension: an exponent for each Dimension. No magnitudes: everything inside is SI, so there are
/// no prefixes. Exponents that are multiples of 1/5040 (every fraction with a denominator up to 10) are
/// exact: they compare equal however they were computed.
class Unit {
 public:
  constexpr Unit() = default;  ///< dimensionless, "1"
  static Unit base(Dimension dimension);

  double exponent(Dimension dimension) const { return exponents_[static_cast<std::size_t>(dimension)]; }
  bool dimensionless() const { return *this == Unit(); }

  friend Unit operator*(const Unit& a, const Unit& b);
  friend Unit operator/(const Unit& a, const Unit& b);
  friend Unit power(const Unit& unit, double exponent);
  friend bool operator==(const Unit&, const Unit&) = default;

 private:
  std::array<double, kDimensions> exponents_{};
};

/// The multiple of 1/5040 within 1e-9 of `exponent`, or nothing.
std::optional<double> simple_exponent(double exponent);

/// Reads "J", "W", "J/token", "J/(token request)", "byte^2/s", "J^(1/2)", "1". Symbols: J, W (= J/s), s,
/// byte, flop, token, request, gpu; also bytes, tokens, requests, gpus. A blank or '*' multiplies; after a
/// '/' a product stands in parentheses. Throws Error (bad input) with the position: `unit:1:1: "kJ" is not a
/// unit`.
Unit parse_unit(std::string_view text);

/// The text that parse_unit reads back as `unit`; J/s is written W: "W/gpu".
std::string unit_text(const Unit& unit);

}  // namespace energylens
