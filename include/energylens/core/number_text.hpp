// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace energylens {

/// A quantity that was not measured or is not known. Never 0.
inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// True for every number but NaN, i.e. for a quantity that is known.
constexpr bool known(double value) noexcept {
  return value == value;
}

/// Shortest text that reads back as exactly `value` ("0.1", "1e+300"); "nan" and "inf" as such.
std::string number_text(double value);

/// The number that the whole of `text` spells, or nothing. Accepts a leading '+'; refuses
/// surrounding blanks, "nan", "inf" and hexadecimal.
std::optional<double> parse_number(std::string_view text) noexcept;

}  // namespace energylens
