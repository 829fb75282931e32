// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace energylens {

/// The value of an unknown quantity, such as one that was not measured.
inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// Whether a quantity is known: true for every number except NaN.
constexpr bool known(double value) noexcept {
  return value == value;
}

/// Shortest text that reads back as exactly `value` ("0.1", "1e+300", "nan", "inf").
std::string number_text(double value);

/// The number that `text` spells, or nothing. Accepts a leading '+'; refuses surrounding blanks, "nan", "inf" and
/// hexadecimal numbers.
std::optional<double> parse_number(std::string_view text) noexcept;

}  // namespace energylens
